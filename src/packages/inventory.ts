import type { StackedImage } from '../ledger/stacked-image.ts';
import { readFiles } from '../ledger/read-files.ts';
import { DATABASE_SUFFIXES, databaseAt, keyOf, MAX_DATABASE_SIZE } from './database.ts';
import { type Distribution, readDistribution } from './distribution.ts';
import { type GoProgram, readGoPrograms } from './go-programs.ts';
import { pathsWithSuffix } from './paths-with-suffix.ts';
import type { Package, PackageKey } from './package.ts';

/** A change that one layer makes to a package. */
interface PackageChange {
  readonly layer: number;
  /** `changed`: the version differs from the one in the layers below; usually an upgrade. */
  readonly change: 'added' | 'changed' | 'removed';
  /** The version after the change; for `removed` the removed version. */
  readonly version: string;
  /** The version before the change; null for `added`. */
  readonly previous: string | null;
}

/** A package with its changes across the layers. */
export interface PackageHistory extends Package {
  /** The database file; for `golang` the program. */
  readonly path: string;
  /** `removed`: not visible in the container, but still in a layer. */
  readonly state: 'live' | 'removed';
  /** From the bottom layer up. */
  readonly changes: readonly PackageChange[];
}

/** A package database that was not read. */
interface UnreadDatabase {
  readonly path: string;
  readonly layers: readonly number[];
  readonly reason: string;
}

/** All packages of all layers. */
export interface Inventory {
  /** Sorted by ecosystem, name and path. */
  readonly packages: readonly PackageHistory[];
  /** The distribution of the final tree; null if unknown. */
  readonly distribution: Distribution | null;
  readonly unread: readonly UnreadDatabase[];
}

export interface InventoryOptions {
  readonly signal?: AbortSignal;
  /** Search programs for Go build information: reads every large program of every layer. */
  readonly programs: boolean;
}

type MutableHistory = { -readonly [K in keyof PackageHistory]: PackageHistory[K] } & {
  changes: PackageChange[];
};

/**
 * Lists the packages of all layers, each with the layers that added, changed or removed it.
 * @throws Problem `cancelled`
 */
export async function findPackages(stacked: StackedImage, options: InventoryOptions): Promise<Inventory> {
  const { ledger } = stacked;
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const events = new Map<number, string>();
  const unread = new Map<string, number[]>();
  for (const { id, path } of pathsWithSuffix(ledger, DATABASE_SUFFIXES)) {
    const kind = databaseAt(path);
    if (kind === null) continue;
    for (const event of ledger.line(id)) {
      if (kind !== 'unread') events.set(event, path);
      else if (!ledger.isDeletion(event)) note(unread, path, ledger.layerOf(event));
    }
  }
  const reading = [...events.keys()].filter((event) => !ledger.isDeletion(event));
  const contents = await readFiles(stacked, reading, { largest: MAX_DATABASE_SIZE, ...signal });
  const programs = options.programs
    ? await readGoPrograms(stacked, options.signal)
    : new Map<number, GoProgram>();
  for (const [event, { path }] of programs) {
    for (const each of ledger.line(ledger.pathOf(event))) events.set(each, path);
  }
  const tracker = new Tracker();
  const ordered = [...events].toSorted(([a], [b]) => a - b);
  for (const [event, path] of ordered) {
    const program = programs.get(event);
    const content = contents.get(event);
    // If a database cannot be read, its packages neither change nor disappear.
    if (content === undefined && databaseAt(path) !== null && !ledger.isDeletion(event)) continue;
    const found = program === undefined ? packagesOf(path, content) : modulesOf(program);
    if (found === null) note(unread, path, ledger.layerOf(event));
    else tracker.put(ledger.layerOf(event), path, found);
  }
  tracker.endLayer();
  return {
    packages: [...tracker.histories.values()].toSorted(byName),
    distribution: await readDistribution(stacked, options.signal),
    unread: Array.from(unread, ([path, layers]) => ({
      path,
      layers,
      reason: reasonUnread(path),
    })),
  };
}

function note(unread: Map<string, number[]>, path: string, layer: number): void {
  unread.set(path, [...(unread.get(path) ?? []), layer]);
}

function reasonUnread(path: string): string {
  if (!/\/rpm\//.test(path)) return 'not in the expected format; its packages are not listed';
  const form = path.endsWith('.sqlite')
    ? 'not a valid rpm database'
    : 'rpm databases are supported only in SQLite format';
  return `${form}; the rpm packages of the image are not listed`;
}

/** Returns the packages of a database; null if it is not in the expected format. */
function packagesOf(path: string, content: Uint8Array | undefined): Map<PackageKey, Package> | null {
  const kind = databaseAt(path);
  if (content === undefined || kind === null || kind === 'unread' || content.length > kind.largest) {
    return new Map();
  }
  const packages = kind.read(content);
  return packages === null ? null : new Map(packages.map((each) => [keyOf(kind, path, each), each]));
}

function modulesOf({ path, modules }: GoProgram): Map<PackageKey, Package> {
  return new Map(modules.map((pkg) => [['golang', path, pkg.name].join('\0'), pkg]));
}

function byName(a: PackageHistory, b: PackageHistory): number {
  const of = ({ ecosystem, name, path }: PackageHistory): string => `${ecosystem}\0${name}\0${path}`;
  return of(a) < of(b) ? -1 : 1;
}

/** Compares the package databases of an image layer by layer. */
class Tracker {
  readonly histories = new Map<PackageKey, MutableHistory>();
  /** By database path: its current packages. */
  readonly #now = new Map<string, ReadonlyMap<PackageKey, Package>>();
  /** By package: the databases that list it. */
  readonly #holders = new Map<PackageKey, Map<string, Package>>();
  /** Packages of the databases that the current layer writes, in their state below the layer. */
  readonly #before = new Map<PackageKey, { path: string; pkg: Package } | null>();
  #layer = 0;

  /** Records the packages of a database after a layer. Layers must be given in order. */
  put(layer: number, path: string, found: ReadonlyMap<PackageKey, Package>): void {
    if (layer !== this.#layer) this.endLayer();
    this.#layer = layer;
    for (const key of this.#now.get(path)?.keys() ?? []) {
      this.#remember(key);
      this.#holders.get(key)?.delete(path);
    }
    for (const [key, pkg] of found) {
      this.#remember(key);
      const holders = this.#holders.get(key) ?? new Map<string, Package>();
      holders.set(path, pkg);
      this.#holders.set(key, holders);
    }
    this.#now.set(path, found);
  }

  /** Ends the current layer: compares the packages after it with those below it. */
  endLayer(): void {
    for (const [key, before] of this.#before) this.#compare(key, before, this.#held(key));
    this.#before.clear();
  }

  #remember(key: PackageKey): void {
    if (!this.#before.has(key)) this.#before.set(key, this.#held(key));
  }

  #held(key: PackageKey): { path: string; pkg: Package } | null {
    const [holder] = this.#holders.get(key) ?? [];
    return holder === undefined ? null : { path: holder[0], pkg: holder[1] };
  }

  #compare(
    key: PackageKey,
    before: { path: string; pkg: Package } | null,
    after: { path: string; pkg: Package } | null,
  ): void {
    if (before === null && after === null) return;
    const layer = this.#layer;
    const history = this.histories.get(key);
    if (after === null) {
      const { version } = before!.pkg;
      history!.state = 'removed';
      history!.changes.push({ layer, change: 'removed', version, previous: version });
      return;
    }
    const { path, pkg } = after;
    const previous = before?.pkg.version ?? null;
    const change: PackageChange = {
      layer,
      change: previous === null ? 'added' : 'changed',
      version: pkg.version,
      previous,
    };
    const changes = [...(history?.changes ?? []), ...(previous === pkg.version ? [] : [change])];
    this.histories.set(key, { ...pkg, path, state: 'live', changes });
  }
}
