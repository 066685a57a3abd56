import type { Damage } from '../bytes/decoder.ts';
import type { Extent } from '../bytes/source.ts';
import type { Finding, Surface } from '../finding/finding.ts';
import type { HistoryAlignment } from '../history/align.ts';
import type { Origin } from '../history/origin.ts';
import type { LayerPool } from '../layer/pool.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { Problem } from '../problem.ts';
import type { AlongSearch } from './along-search.ts';
import { assembleFindings } from './assemble.ts';
import { BEHIND_THE_END, type BlobHits, type SecretsInput } from './content-task.ts';
import { scanEntryTexts } from './entry-texts.ts';
import { scanNames } from './file-names.ts';
import { FilePlaces } from './file-places.ts';
import { guessReason } from './guesses.ts';
import { demotionOf, type FoundSecret, insideOf, placeOn } from './occurrence.ts';
import { provideSecretsTask, SECRETS_TASK } from './provide-task.ts';
import { RULES } from './rules/catalogue.ts';
import { sharedSeen } from './seen-contents.ts';
import { scanSurfaces } from './surfaces.ts';
import { matcherFor } from './thread-matcher.ts';
import { ruleOf, type UserRule } from './user-rule.ts';

/** What is looked through. */
export interface SecretSources {
  readonly stacked: StackedImage;
  readonly history: HistoryAlignment;
  readonly origins: readonly Origin[];
  /** Blobs of the archive that no image of it refers to. */
  readonly unreferenced: readonly { readonly name: string; readonly extent: Extent }[];
}

export interface SecretOptions {
  readonly pool: LayerPool;
  /** Look into archives and compressed files. */
  readonly unpack: boolean;
  /** Rules beside those of the catalogue. */
  readonly userRules?: readonly UserRule[];
  readonly signal?: AbortSignal;
  /** Takes the values in the end, by the id of their finding; without it none leaves the search. */
  readonly values?: Map<string, Uint8Array>;
  /** The time against which expiry is told, in milliseconds since 1970. */
  readonly now?: number;
  /** What has read along while the layers were indexed; it must have been given the same rules. */
  readonly along?: AlongSearch | undefined;
  /** Told all findings so far whenever a blob is done. */
  readonly onFindings?: (findings: readonly Finding[]) => void;
  /** Told how many stored bytes have been read, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** One blob to be read, and what takes its hits. */
interface BlobWork {
  readonly extent: Extent;
  readonly as: SecretsInput['as'];
  readonly path: string | null;
  /** Layers that have this blob; none for a blob that is no layer. */
  readonly layers: readonly number[];
  take(hits: BlobHits): FoundSecret[];
}

/**
 * Looks for credentials on every surface of an image: the contents of every file of every layer,
 * replaced, deleted and superseded ones too; the names of files, targets of links and extended attributes;
 * environment, labels, commands and all
 * other texts of the config; the history; annotations and attestations; blobs that belong to no image.
 * @returns findings in the order in which they stand: layers from the bottom up, then the rest
 * @throws Problem `cancelled` when the signal fires or the pool is closed
 */
export async function findSecrets(sources: SecretSources, options: SecretOptions): Promise<Finding[]> {
  const { image } = sources.stacked;
  const { ledger } = sources.stacked;
  const userRules = options.userRules ?? [];
  const rules = userRules.length === 0 ? RULES : [...RULES, ...userRules.map(ruleOf)];
  const { along } = options;
  const now = options.now ?? along?.input.now ?? Date.now();
  const places = new FilePlaces(ledger, sources.history, sources.origins);
  const seen = along?.input.seen ?? sharedSeen();
  const matcher = matcherFor({ now, seen, userRules });
  const names = [...scanNames(ledger, places, matcher), ...scanEntryTexts(ledger, places, matcher)];
  const rest = scanSurfaces(image, sources.history, sources.origins, rules);
  const works = [...layerWork(sources, places), ...attestationWork(sources), ...strayWork(sources)];
  const done: FoundSecret[][] = works.map(() => []);
  const assemble = (values?: Map<string, Uint8Array>): Finding[] =>
    assembleFindings([...[...names, ...done.flat()].toSorted(byLayer), ...rest], values);
  options.onFindings?.(assemble());
  provideSecretsTask();
  // What was read along is there already: the rest is to be read.
  const ahead = works.map(({ as, extent }) => (as === 'tar' ? (along?.hitsOf(extent) ?? null) : null));
  for (const [index, hits] of ahead.entries()) if (hits !== null) done[index] = works[index]!.take(hits);
  const total = works.reduce((sum, { extent }, index) => sum + (ahead[index] === null ? extent.size : 0), 0);
  const read = works.map(() => 0);
  // The largest first, so that threads end together.
  const order = works
    .flatMap((_, index) => (ahead[index] === null ? [index] : []))
    .toSorted((a, b) => works[b]!.extent.size - works[a]!.extent.size);
  await Promise.all(
    order.map(async (index) => {
      const work = works[index]!;
      const { unpack } = options;
      const input: SecretsInput = { as: work.as, path: work.path, unpack, now, userRules, seen };
      const tell = (bytes: number): void => {
        read[index] = bytes;
        options.onProgress?.(
          read.reduce((sum, each) => sum + each, 0),
          total,
        );
      };
      try {
        const job = { kind: 'task', extent: work.extent, task: SECRETS_TASK, input } as const;
        const hits = (await options.pool.run(job, tell)) as BlobHits;
        done[index] = work.take(hits);
        note(sources.stacked, work, hits.lost);
      } catch (error) {
        if (!(error instanceof Problem) || error.code === 'cancelled') throw error;
        note(sources.stacked, work, error);
      }
      if (options.signal?.aborted) throw new Problem('cancelled', 'cancelled');
      tell(work.extent.size);
      if (done[index]!.length > 0) options.onFindings?.(assemble());
    }),
  );
  return assemble(options.values);
}

/** What could not be searched was not read: finding nothing there proves nothing. */
function note(
  { unread }: StackedImage,
  { extent, layers }: BlobWork,
  lost: readonly Damage[] | Problem,
): void {
  for (const layer of layers.length === 0 ? [null] : layers) unread.note(layer, extent, lost);
}

/** Blobs that several layers share are read once. */
function layerWork({ stacked }: SecretSources, places: FilePlaces): BlobWork[] {
  const groups = new Map<string, { extent: Extent; layers: number[] }>();
  for (const { index, blob } of stacked.image.layers) {
    if (blob === null) continue;
    const key = `${blob.source.kind === 'file' ? blob.source.path : blob.source.name}\0${blob.offset}\0${blob.size}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { extent: blob, layers: [index] });
    else group.layers.push(index);
  }
  return Array.from(groups.values(), ({ extent, layers }) => {
    const [first = 0] = layers;
    if (stacked.layers[first]!.status === 'opaque') return opaqueWork(stacked, extent, layers);
    return {
      extent,
      as: 'tar',
      path: null,
      layers,
      take: (hits) =>
        layers.flatMap((layer) => [
          ...inLayer(hits, layer, places),
          ...behindTheEnd(hits, layer, stacked.image.layers[layer]!.storedAs),
        ]),
    };
  });
}

/** A layer that is not a tar, and does not claim to be one: it is one file. */
function opaqueWork(stacked: StackedImage, extent: Extent, layers: readonly number[]): BlobWork {
  const works = layers.map((layer) =>
    looseWork('archive', stacked.image.layers[layer]!.storedAs, extent, layer),
  );
  return { ...works[0]!, layers, take: (hits) => works.flatMap((work) => work.take(hits)) };
}

function inLayer(hits: BlobHits, layer: number, places: FilePlaces): FoundSecret[] {
  return hits.contents.flatMap(({ headerBlock, found }) =>
    places.of(layer, headerBlock).flatMap(({ layer: at, path, ...facts }) =>
      found.map(({ hit, inside }) => {
        const where = placeOn({
          surface: 'file',
          layer: at,
          path,
          line: hit.line,
          offset: hit.start,
          inside: insideOf(inside, hit),
        });
        const demoted = demotionOf(hit) ?? guessReason(hit.rule, where);
        return { hit, occurrence: { where, ...facts }, demoted };
      }),
    ),
  );
}

/** What stands in a layer's blob behind the end of its tar. */
function behindTheEnd({ contents }: BlobHits, layer: number, storedAs: string): FoundSecret[] {
  return contents
    .filter(({ headerBlock }) => headerBlock === BEHIND_THE_END)
    .flatMap(({ found }) =>
      found.map(({ hit, inside }) => {
        const where = placeOn({
          surface: 'archive',
          layer,
          path: storedAs,
          line: null,
          inside: ['bytes behind the end of the tar', ...insideOf(inside, hit)],
        });
        const facts = { state: 'live', origin: 'unknown', introducedBy: null } as const;
        return {
          hit,
          occurrence: { where, ...facts, removedBy: null, removedIn: null },
          demoted: demotionOf(hit),
        };
      }),
    );
}

function attestationWork({ stacked }: SecretSources): BlobWork[] {
  return stacked.image.attestations.flatMap(({ digest, blobs }) =>
    blobs.map((extent) => looseWork('attestation', digest, extent)),
  );
}

function strayWork({ unreferenced }: SecretSources): BlobWork[] {
  return unreferenced.map(({ name, extent }) =>
    // Docker's older form keeps a config of each layer beside it.
    looseWork(/^[0-9a-f]{64}\/json$/.test(name) ? 'config' : 'archive', name, extent),
  );
}

/** @param layer the layer that the blob is; null if it is none */
function looseWork(surface: Surface, name: string, extent: Extent, layer: number | null = null): BlobWork {
  return {
    extent,
    as: 'auto',
    path: null,
    layers: layer === null ? [] : [layer],
    take: ({ tar, contents }) =>
      contents.flatMap(({ path, found }) =>
        found.map(({ hit, inside }) => {
          const where = placeOn({
            surface,
            layer,
            path: name,
            line: hit.line,
            offset: hit.start,
            inside: insideOf(tar ? [`tar:${path}`, ...inside] : inside, hit),
          });
          // Nothing takes them away: whoever has the archive has them.
          const facts = { state: 'live', origin: 'unknown', introducedBy: null } as const;
          const occurrence = { where, ...facts, removedBy: null, removedIn: null };
          return { hit, occurrence, demoted: demotionOf(hit) };
        }),
      ),
  };
}

function byLayer(a: FoundSecret, b: FoundSecret): number {
  const of = ({ occurrence }: FoundSecret): number => occurrence.where.layer ?? Number.MAX_SAFE_INTEGER;
  return of(a) - of(b);
}
