import type { StackedImage } from '../ledger/stacked-image.ts';
import { readFiles } from '../ledger/read-files.ts';
import { DATABASE_ENDINGS, databaseAt, keyOf, LARGEST_DATABASE } from './database.ts';
import { type Distribution, readDistribution } from './distribution.ts';
import { type GoProgram, readGoPrograms } from './go-programs.ts';
import { pathsNamed } from './paths-named.ts';
import type { Package, PackageKey } from './package.ts';

/** What one layer did to a package. */
interface PackageChange {
  readonly layer: number;
  /** `changed`: another version than the layers below have, mostly a newer one. */
  readonly change: 'added' | 'changed' | 'removed';
  /** The version after it; for `removed` the one that went. */
  readonly version: string;
  /** The version before; null where there was none. */
  readonly previous: string | null;
}

/** One package's line through the layers. */
export interface PackageLine extends Package {
  /** The file that records it; for `golang` the program. */
  readonly path: string;
  /** `removed`: no container sees it, some layer holds it. */
  readonly state: 'live' | 'removed';
  /** From the bottom up. */
  readonly changes: readonly PackageChange[];
}

/** A database that is there and was not read. */
interface UnreadDatabase {
  readonly path: string;
  readonly layers: readonly number[];
  readonly reason: string;
}

/** Every package that some layer holds. */
export interface Inventory {
  /** By ecosystem, name and path. */
  readonly packages: readonly PackageLine[];
  /** The distribution of the final tree; null where it does not say. */
  readonly distribution: Distribution | null;
  readonly unread: readonly UnreadDatabase[];
}

export interface InventoryOptions {
  readonly signal?: AbortSignal;
  /** Look into programs for Go's build information: every program of every layer is read. */
  readonly programs: boolean;
}

type Growing = { -readonly [K in keyof PackageLine]: PackageLine[K] } & { changes: PackageChange[] };

/**
 * Lists the packages of all layers with the layers that brought, changed or removed each.
 * @throws Problem `cancelled`
 */
export async function findPackages(stacked: StackedImage, options: InventoryOptions): Promise<Inventory> {
  const { ledger } = stacked;
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const events = new Map<number, string>();
  const unread = new Map<string, number[]>();
  for (const { id, path } of pathsNamed(ledger, DATABASE_ENDINGS)) {
    const kind = databaseAt(path);
    if (kind === null) continue;
    for (const event of ledger.line(id)) {
      if (kind !== 'unread') events.set(event, path);
      else if (!ledger.isDeletion(event)) note(unread, path, ledger.layerOf(event));
    }
  }
  const reading = [...events.keys()].filter((event) => !ledger.isDeletion(event));
  const contents = await readFiles(stacked, reading, { largest: LARGEST_DATABASE, ...signal });
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
    // A database that cannot be read tells nothing of what became of its packages.
    if (content === undefined && databaseAt(path) !== null && !ledger.isDeletion(event)) continue;
    const found = program === undefined ? packagesOf(path, content) : modulesOf(program);
    if (found === null) note(unread, path, ledger.layerOf(event));
    else tracker.put(ledger.layerOf(event), path, found);
  }
  tracker.endLayer();
  return {
    packages: [...tracker.lines.values()].toSorted(byName),
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
  if (!/\/rpm\//.test(path)) return 'it is not what its place says: its packages are not in this list';
  const form = path.endsWith('.sqlite')
    ? 'it cannot be read as a database of rpm'
    : "of rpm's databases only those of SQLite are read";
  return `${form}: the image's rpm packages are not in this list`;
}

/** Null where the content is not what its place says. */
function packagesOf(path: string, content: Uint8Array | undefined): Map<PackageKey, Package> | null {
  const kind = databaseAt(path);
  if (content === undefined || kind === null || kind === 'unread' || content.length > kind.largest) {
    return new Map();
  }
  const made = kind.read(content);
  return made === null ? null : new Map(made.map((each) => [keyOf(kind, path, each), each]));
}

function modulesOf({ path, modules }: GoProgram): Map<PackageKey, Package> {
  return new Map(modules.map((made) => [['golang', path, made.name].join('\0'), made]));
}

function byName(a: PackageLine, b: PackageLine): number {
  const of = ({ ecosystem, name, path }: PackageLine): string => `${ecosystem}\0${name}\0${path}`;
  return of(a) < of(b) ? -1 : 1;
}

/** Follows what the databases of an image say, layer by layer. */
class Tracker {
  readonly lines = new Map<PackageKey, Growing>();
  /** By database: what it says now. */
  readonly #now = new Map<string, ReadonlyMap<PackageKey, Package>>();
  /** By package: the databases that have it. */
  readonly #holders = new Map<PackageKey, Map<string, Package>>();
  /** Packages that the layer touches, as they were below it. */
  readonly #before = new Map<PackageKey, { path: string; made: Package } | null>();
  #layer = 0;

  /** Puts what a database says after a layer; layers come in order. */
  put(layer: number, path: string, found: ReadonlyMap<PackageKey, Package>): void {
    if (layer !== this.#layer) this.endLayer();
    this.#layer = layer;
    for (const key of this.#now.get(path)?.keys() ?? []) {
      this.#remember(key);
      this.#holders.get(key)?.delete(path);
    }
    for (const [key, made] of found) {
      this.#remember(key);
      const holders = this.#holders.get(key) ?? new Map<string, Package>();
      holders.set(path, made);
      this.#holders.set(key, holders);
    }
    this.#now.set(path, found);
  }

  /** Compares what the layer leaves with what was below it. */
  endLayer(): void {
    for (const [key, before] of this.#before) this.#compare(key, before, this.#held(key));
    this.#before.clear();
  }

  #remember(key: PackageKey): void {
    if (!this.#before.has(key)) this.#before.set(key, this.#held(key));
  }

  #held(key: PackageKey): { path: string; made: Package } | null {
    const [holder] = this.#holders.get(key) ?? [];
    return holder === undefined ? null : { path: holder[0], made: holder[1] };
  }

  #compare(
    key: PackageKey,
    before: { path: string; made: Package } | null,
    after: { path: string; made: Package } | null,
  ): void {
    if (before === null && after === null) return;
    const layer = this.#layer;
    const line = this.lines.get(key);
    if (after === null) {
      const { version } = before!.made;
      line!.state = 'removed';
      line!.changes.push({ layer, change: 'removed', version, previous: version });
      return;
    }
    const { made, path } = after;
    const previous = before?.made.version ?? null;
    const change: PackageChange = {
      layer,
      change: previous === null ? 'added' : 'changed',
      version: made.version,
      previous,
    };
    const changes = [...(line?.changes ?? []), ...(previous === made.version ? [] : [change])];
    this.lines.set(key, { ...made, path, state: 'live', changes });
  }
}
