import type { Damage } from '../../bytes/decoder.ts';
import type { Extent } from '../../bytes/source.ts';
import { FilePlaces } from '../../finding/file-places.ts';
import type { Finding } from '../../finding/finding.ts';
import type { HistoryAlignment } from '../../history/align.ts';
import type { Origin } from '../../history/origin.ts';
import type { LayerPool } from '../../layer/pool.ts';
import type { StackedImage } from '../../ledger/stacked-image.ts';
import { Problem } from '../../problem.ts';
import type { LayerSearch } from './layer-search.ts';
import { assembleFindings } from './assemble.ts';
import type { BlobHits, SecretsInput } from './blob-hits.ts';
import { scanEntryTexts } from './entry-texts.ts';
import { scanNames } from './file-names.ts';
import { type BlobSources, type BlobWork, blobWorks } from './blob-work.ts';
import type { ContentMatcher } from '../match/matcher.ts';
import type { FoundSecret } from './found-secret.ts';
import { provideSecretsTask, SECRETS_TASK } from './provide-task.ts';
import { copiesToFind, type EarlierValue, earlierToFind, namedCopies } from './search-values.ts';
import { findInSurfaces, scanSurfaces } from './surfaces.ts';
import { matcherFor } from './thread-matcher.ts';
import type { UserRule } from '../user-rule.ts';
import { KNOWN_VALUE, type ValueSearch } from '../match/value-search.ts';

/** The image to scan. The masker is made from the same rules and masks texts that findings quote. */
export interface SecretSources extends BlobSources {
  readonly history: HistoryAlignment;
  readonly origins: readonly Origin[];
}

export interface SecretOptions {
  readonly pool: LayerPool;
  /** Scan inside archives and compressed files. */
  readonly unpack: boolean;
  /** Custom rules, in addition to the catalogue. */
  readonly userRules?: readonly UserRule[];
  readonly signal?: AbortSignal;
  /** Receives the values by the id of their finding. Without it no value leaves the scan. */
  readonly values?: Map<string, Uint8Array>;
  /** The time to check expiry against, in milliseconds since 1970. */
  readonly now?: number;
  /** A scan that ran while the layers were indexed. It must have used the same rules. */
  readonly layerSearch?: LayerSearch | undefined;
  /** Values of an earlier report, to be searched for by their fingerprints. */
  readonly earlier?: readonly EarlierValue[] | undefined;
  /** Called with all findings so far whenever a blob is done. */
  readonly onFindings?: (findings: readonly Finding[]) => void;
  /** Called with the number of stored bytes read so far and in total. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Searches every surface of an image for credentials: the contents of every file of every layer, including
 * overwritten and deleted ones; file names, link targets and extended attributes; environment, labels,
 * commands and all other texts of the config; the history; annotations and attestations; blobs that belong to
 * no image.
 * @returns findings in image order: layers from the bottom up, then the rest
 * @throws Problem `cancelled` when the signal fires or the pool is closed
 */
export async function findSecrets(sources: SecretSources, options: SecretOptions): Promise<Finding[]> {
  const { history, masker, origins } = sources;
  const { image, ledger } = sources.stacked;
  const userRules = options.userRules ?? [];
  const { layerSearch } = options;
  const now = options.now ?? layerSearch?.input.now ?? Date.now();
  const places = new FilePlaces(ledger, history, origins, (text) => masker.mask(text));
  const works = blobWorks(sources, places);
  provideSecretsTask();
  const search: Search = { sources, options, places, works };
  const matcher = matcherFor({ now, userRules });
  const rest = scanSurfaces(image, sources);
  const names = namesWith(search, matcher);
  const assemble = (blobs: readonly FoundSecret[], copies: readonly FoundSecret[] = []): Finding[] =>
    assembleFindings([...[...names, ...blobs].toSorted(byLayer), ...rest], masker, {
      copies,
      values: options.values,
    });
  options.onFindings?.(assemble([]));
  // The hits of blobs that were scanned during indexing are known; only the others are read.
  const ahead = (extent: Extent): BlobHits | null => layerSearch?.hitsOf(extent) ?? null;
  const tell = (blobs: readonly FoundSecret[]): void => options.onFindings?.(assemble(blobs));
  const blobs = await searchBlobs(search, { now, userRules }, ahead, tell);
  const found = [...names, ...blobs, ...rest];
  const earlier = options.earlier ?? [];
  const copies: FoundSecret[] = [];
  for (const only of [copiesToFind(found), earlierToFind(earlier)]) {
    if (only === null) continue;
    copies.push(...namedCopies(await findValues(search, only, now), found, earlier));
  }
  return assemble(blobs, copies);
}

/** The state shared by all passes over the image. */
interface Search {
  readonly sources: SecretSources;
  readonly options: SecretOptions;
  readonly places: FilePlaces;
  readonly works: readonly BlobWork[];
}

/** Searches the image again, for known values only. */
async function findValues(search: Search, only: ValueSearch, now: number): Promise<FoundSecret[]> {
  const { sources } = search;
  const input = { now, only, userRules: [] };
  const matcher = matcherFor(input);
  const blobs = await searchBlobs(
    search,
    input,
    () => null,
    () => {},
  );
  const names = namesWith(search, matcher);
  const texts = findInSurfaces(sources.stacked.image, sources, matcher);
  return [...names, ...blobs, ...texts].filter(({ hit }) => hit.rule === KNOWN_VALUE);
}

function namesWith({ places, sources }: Search, matcher: ContentMatcher): FoundSecret[] {
  const { ledger } = sources.stacked;
  return [
    ...scanNames(ledger, places, matcher, sources.masker),
    ...scanEntryTexts(ledger, places, matcher, sources.masker),
  ];
}

/**
 * Searches the blobs of an image.
 * @param ahead returns the known hits of a layer's blob, or null if it must be read
 * @param tell called with the hits so far whenever a blob with hits is done
 */
async function searchBlobs(
  { options, sources, works }: Search,
  what: Pick<SecretsInput, 'now' | 'only' | 'userRules'>,
  ahead: (extent: Extent) => BlobHits | null,
  tell: (found: readonly FoundSecret[]) => void,
): Promise<FoundSecret[]> {
  const known = works.map(({ as, extent }) => (as === 'tar' ? ahead(extent) : null));
  const done = works.map((work, index): FoundSecret[] => {
    const hits = known[index] ?? null;
    return hits === null ? [] : work.take(hits);
  });
  const total = works.reduce((sum, { extent }, index) => sum + (known[index] === null ? extent.size : 0), 0);
  const read = works.map(() => 0);
  // Largest first, so that the threads finish at about the same time.
  const order = works
    .flatMap((_, index) => (known[index] === null ? [index] : []))
    .toSorted((a, b) => works[b]!.extent.size - works[a]!.extent.size);
  await Promise.all(
    order.map(async (index) => {
      const work = works[index]!;
      const { unpack } = options;
      const input: SecretsInput = { as: work.as, path: work.path, unpack, ...what };
      const progress = (bytes: number): void => {
        read[index] = bytes;
        options.onProgress?.(
          read.reduce((sum, each) => sum + each, 0),
          total,
        );
      };
      try {
        const job = { kind: 'task', extent: work.extent, task: SECRETS_TASK, input } as const;
        const hits = (await options.pool.run(job, progress)) as BlobHits;
        done[index] = work.take(hits);
        note(sources.stacked, work, hits.lost);
      } catch (error) {
        if (!(error instanceof Problem) || error.code === 'cancelled') throw error;
        note(sources.stacked, work, error);
      }
      if (options.signal?.aborted) throw new Problem('cancelled', 'cancelled');
      progress(work.extent.size);
      if (done[index]!.length > 0) tell(done.flat());
    }),
  );
  return done.flat();
}

/** Records a part that could not be scanned: the absence of hits there proves nothing. */
function note(
  { unread }: StackedImage,
  { extent, layers }: BlobWork,
  lost: readonly Damage[] | Problem,
): void {
  for (const layer of layers.length === 0 ? [null] : layers) unread.note(layer, extent, lost);
}

function byLayer(a: FoundSecret, b: FoundSecret): number {
  const of = ({ occurrence }: FoundSecret): number => occurrence.where.layer ?? Number.MAX_SAFE_INTEGER;
  return of(a) - of(b);
}
