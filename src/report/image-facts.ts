import { digestParts, shortDigest } from '../bytes/digest.ts';
import { instructionOfLayer } from '../history/align.ts';
import type { HistoryAlignment, HistoryEntry } from '../history/align.ts';
import type { Origin } from '../history/origin.ts';
import { platformText } from '../image/platform.ts';
import { layerCounts } from '../ledger/diff.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';

/** The `image` object of the JSON outputs. */
export interface ImageFacts {
  readonly source: string;
  readonly form: string;
  readonly names: readonly string[];
  readonly id: string;
  readonly idVerified: boolean | null;
  readonly manifestDigest: string | null;
  readonly manifestVerified: boolean | null;
  readonly platform: string;
  readonly created: string | null;
  readonly layers: number;
  /** Total size of the uncompressed layers, in bytes. */
  readonly size: number;
}

/** An element of `layers[]` in the JSON outputs. */
export interface LayerFacts {
  readonly index: number;
  readonly digest: string | null;
  readonly diffId: string | null;
  readonly verified: { readonly digest: boolean | null; readonly diffId: boolean | null };
  readonly mediaType: string;
  readonly compression: string | null;
  readonly status: string;
  readonly size: number | null;
  readonly storedSize: number;
  readonly instruction: string;
  readonly history: number | null;
  readonly origin: Origin;
  readonly added: number;
  readonly modified: number;
  readonly deleted: number;
}

/** An element of `history[]` in the JSON outputs. */
export type HistoryFacts = HistoryEntry;

export function imageFacts(stacked: StackedImage): ImageFacts {
  const { image, layers } = stacked;
  return {
    source: image.source,
    form: image.form,
    names: image.names,
    id: image.id,
    idVerified: image.idVerified,
    manifestDigest: image.manifestDigest,
    manifestVerified: image.manifestVerified,
    platform: platformText(image.platform),
    created: image.config.created,
    layers: image.layers.length,
    size: layers.reduce((sum, layer) => sum + (layer.tarSize ?? 0), 0),
  };
}

export function layerFacts(
  stacked: StackedImage,
  history: HistoryAlignment,
  origins: readonly Origin[],
  masker: Masker,
): LayerFacts[] {
  return stacked.image.layers.map((layer, index) => {
    const reading = stacked.layers[index]!;
    const plain = reading.compression === 'none';
    return {
      index,
      digest: layer.digest ?? reading.digest ?? (plain ? layer.diffId : null),
      diffId: layer.diffId ?? reading.diffId,
      verified: reading.verified,
      mediaType: layer.mediaType,
      compression: reading.compression,
      status: reading.status,
      size: reading.tarSize,
      storedSize: reading.storedSize,
      instruction: masker.mask(instructionOfLayer(history, index)),
      history: history.entries.find((entry) => entry.layer === index)?.index ?? null,
      origin: origins[index] ?? 'unknown',
      ...layerCounts(stacked.ledger, index),
    };
  });
}

/** Returns the history with every credential masked. */
export function historyFacts(history: HistoryAlignment, masker: Masker): HistoryFacts[] {
  const masked = (text: string | null): string | null => (text === null ? null : masker.mask(text));
  return history.entries.map((entry) => ({
    ...entry,
    createdBy: masked(entry.createdBy),
    comment: masked(entry.comment),
    author: masked(entry.author),
    instruction: masker.mask(entry.instruction),
  }));
}

/** Counts the recomputed digests and those that match, and names those that do not. */
export function digestTally(stacked: StackedImage): {
  matching: number;
  checked: number;
  mismatches: string[];
} {
  let matching = 0;
  let checked = 0;
  const mismatches: string[] = [];
  const count = (what: string, verdict: boolean | null): void => {
    if (verdict === null) return;
    checked++;
    if (verdict) matching++;
    else mismatches.push(what);
  };
  count('image ID', stacked.image.idVerified);
  count('manifest digest', stacked.image.manifestVerified);
  stacked.layers.forEach(({ verified }, index) => {
    count(`layer ${index} blob digest`, verified.digest);
    count(`layer ${index} diffID`, verified.diffId);
  });
  return { matching, checked, mismatches };
}

/** Shortens a digest to its algorithm and 12 digits, for people. */
export function digestText(digest: string | null): string {
  if (digest === null) return '-';
  return `${digestParts(digest as never).algorithm}:${shortDigest(digest)}`;
}
