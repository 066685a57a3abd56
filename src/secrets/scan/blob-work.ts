import { type Extent, sourceName } from '../../bytes/source.ts';
import type { FilePlaces } from '../../finding/file-places.ts';
import { stateOf } from '../../finding/state.ts';
import { placeOn, type Surface } from '../../finding/where.ts';
import { missingBlob } from '../../ledger/incomplete.ts';
import type { StackedImage } from '../../ledger/stacked-image.ts';
import type { Masker } from '../mask/masker.ts';
import { AFTER_TAR_END, type BlobHits, type SecretsInput } from './blob-hits.ts';
import { suppressionOf, type FoundSecret, insideOf } from './found-secret.ts';
import { guessReason } from './guesses.ts';

/** The image and archive that the blobs come from, and the masker for texts that findings quote. */
export interface BlobSources {
  readonly stacked: StackedImage;
  readonly masker: Masker;
  /** Blobs of the archive that no image in it refers to. */
  readonly unreferenced: readonly { readonly name: string; readonly extent: Extent }[];
}

/** A blob to scan, and how its hits become findings. */
export interface BlobWork {
  readonly extent: Extent;
  readonly as: SecretsInput['as'];
  readonly path: string | null;
  /** Layers that have this blob; empty if it is not a layer. */
  readonly layers: readonly number[];
  take(hits: BlobHits): FoundSecret[];
}

/** Returns the blobs of an image that are scanned: its layers, its attestations, and unreferenced blobs. */
export function blobWorks(sources: BlobSources, places: FilePlaces): BlobWork[] {
  return [...layerWork(sources, places), ...attestationWork(sources), ...unreferencedWork(sources)];
}

/** Blobs that several layers share are read once. */
function layerWork({ masker, stacked }: BlobSources, places: FilePlaces): BlobWork[] {
  const groups = new Map<string, { extent: Extent; layers: number[] }>();
  for (const { index, blob } of stacked.image.layers) {
    if (blob === null) continue;
    const key = `${sourceName(blob.source)}\0${blob.offset}\0${blob.size}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { extent: blob, layers: [index] });
    else group.layers.push(index);
  }
  return Array.from(groups.values(), ({ extent, layers }) => {
    const [first = 0] = layers;
    if (stacked.layers[first]!.status === 'opaque') return opaqueWork(stacked, extent, layers, masker);
    return {
      extent,
      as: 'tar',
      path: null,
      layers,
      take: (hits) =>
        layers.flatMap((layer) => [
          ...inLayer(hits, layer, places, masker),
          ...afterTarEnd(hits, layer, stacked.image.layers[layer]!.storedAs, masker),
        ]),
    };
  });
}

/** A layer that neither is a tar nor claims to be one is scanned as a single file. */
function opaqueWork(
  stacked: StackedImage,
  extent: Extent,
  layers: readonly number[],
  masker: Masker,
): BlobWork {
  const works = layers.map((layer) =>
    looseWork('archive', stacked.image.layers[layer]!.storedAs, extent, masker, layer),
  );
  return { ...works[0]!, layers, take: (hits) => works.flatMap((work) => work.take(hits)) };
}

function inLayer(hits: BlobHits, layer: number, places: FilePlaces, masker: Masker): FoundSecret[] {
  return hits.contents.flatMap(({ headerBlock, found }) =>
    places.of(layer, headerBlock).flatMap(({ layer: at, path, ...facts }) =>
      found.map(({ hit, inside }) => {
        const where = placeOn({
          surface: 'file',
          layer: at,
          path,
          line: hit.line,
          offset: hit.start,
          inside: insideOf(inside, hit, masker),
        });
        const suppressed = suppressionOf(hit) ?? guessReason(hit.rule, where);
        return { hit, occurrence: { where, ...facts }, suppressed };
      }),
    ),
  );
}

/** Returns the hits in a layer's blob after the end of its tar. */
function afterTarEnd({ contents }: BlobHits, layer: number, storedAs: string, masker: Masker): FoundSecret[] {
  return contents
    .filter(({ headerBlock }) => headerBlock === AFTER_TAR_END)
    .flatMap(({ found }) =>
      found.map(({ hit, inside }) => {
        const where = placeOn({
          surface: 'archive',
          layer,
          path: storedAs,
          line: null,
          inside: ['bytes behind the end of the tar', ...insideOf(inside, hit, masker)],
        });
        const facts = { state: stateOf(where), origin: 'unknown', introducedBy: null } as const;
        return {
          hit,
          occurrence: { where, ...facts, removedBy: null, removedIn: null },
          suppressed: suppressionOf(hit),
        };
      }),
    );
}

/**
 * Returns the attestations to scan. A blob that the index names but the image lacks is recorded as not
 * scanned.
 */
function attestationWork({ masker, stacked }: BlobSources): BlobWork[] {
  const { attestations, source } = stacked.image;
  for (const blob of attestations.flatMap(({ missing }) => missing)) {
    stacked.unread.add(missingBlob(blob, source));
  }
  return attestations.flatMap(({ digest, blobs }) =>
    blobs.map((extent) => looseWork('attestation', digest, extent, masker)),
  );
}

function unreferencedWork({ masker, unreferenced }: BlobSources): BlobWork[] {
  return unreferenced.map(({ name, extent }) =>
    // Docker's legacy format stores a config next to each layer.
    looseWork(/^[0-9a-f]{64}\/json$/.test(name) ? 'config' : 'archive', name, extent, masker),
  );
}

/** @param layer the layer that the blob is; null if it is not a layer */
function looseWork(
  surface: Surface,
  name: string,
  extent: Extent,
  masker: Masker,
  layer: number | null = null,
): BlobWork {
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
            inside: insideOf(tar ? [`tar:${path}`, ...inside] : inside, hit, masker),
          });
          const facts = { state: stateOf(where), origin: 'unknown', introducedBy: null } as const;
          const occurrence = { where, ...facts, removedBy: null, removedIn: null };
          return { hit, occurrence, suppressed: suppressionOf(hit) };
        }),
      ),
  };
}
