import type { Finding } from '../finding/finding.ts';
import type { FindingState } from '../finding/state.ts';
import type { Where } from '../finding/where.ts';
import type { Incomplete } from '../ledger/unread-parts.ts';
import { valueFingerprintOf } from './pair.ts';
import type { EarlierFinding, EarlierReport } from './read-report.ts';

/** Explains why a value that is no longer live is still in the image. */
const HIDDEN: Readonly<Record<Exclude<FindingState, 'live'>, string>> = {
  deleted: 'deleted in a later layer, but still in the layer below: anyone who has the image can read it',
  shadowed: 'overwritten in a later layer, but the layer below still has the old value',
  metadata: 'no longer visible in the container, but still in the metadata of the image',
};

/** Returns notes about common changes that look like a fix but are not one. */
export function incompleteFixNotes(
  old: EarlierFinding,
  now: Finding,
  stays: boolean,
  shared: ReadonlySet<string>,
): string[] {
  const notes: string[] = [];
  if (now.suppressed !== null) notes.push(`still in the image, but now suppressed: ${now.suppressed}`);
  const surfaces = new Set(now.occurrences.map(({ where }) => where.surface));
  const onlyArchive = surfaces.size === 1 && surfaces.has('archive');
  if (onlyArchive) {
    notes.push(
      'no longer in any layer of the image, but still in a blob of the archive: the old layers were saved or pushed with it',
    );
  } else if (old.state === 'live' && now.state !== 'live') {
    notes.push(HIDDEN[now.state]);
  } else if (now.state === 'shadowed' || now.state === 'deleted') {
    notes.push('still recoverable from a lower layer, as before');
  }
  if (!stays && !onlyArchive) notes.push('the same value has another name or place now');
  const layers = now.occurrences.flatMap(({ where }) => (where.layer === null ? [] : [where.layer]));
  const unchanged = [...new Set(layers)].filter((layer) => shared.has(`${layer}`));
  if (unchanged.length > 0) {
    const named =
      unchanged.length === 1 ? `layer ${unchanged[0]} has` : `layers ${unchanged.join(', ')} have`;
    notes.push(`${named} not changed since the report: rebuild the image from there`);
  }
  const encoded = encodedAs(old, now);
  if (encoded !== null) notes.push(`the same value is now encoded (${encoded}), which does not protect it`);
  if (now.origin === 'base') notes.push('it comes from the base image: use another base');
  if (surfaces.has('history') && !surfaces.has('file')) {
    notes.push('it is in the history, which neither rm nor squashing changes');
  }
  return notes;
}

/** Returns the encodings of a value that was plain and is now encoded everywhere; null otherwise. */
function encodedAs(old: EarlierFinding, now: Finding): string | null {
  const wrapped = (places: readonly { readonly where: Where }[]): boolean =>
    places.every(({ where }) => where.inside.length > 0);
  return wrapped(now.occurrences) && !wrapped(old.occurrences) ? now.where.inside.join(', ') : null;
}

/**
 * Explains why a credential that was not found may still be in the image: the report has no hash of a value that
 * can be guessed, so only its old places could be checked.
 */
export function unsearched(old: EarlierFinding, earlier: EarlierReport, fresh: readonly Finding[]): string[] {
  if (old.kind !== 'secret' || old.fingerprint === null) return [];
  if (valueFingerprintOf(old, earlier.findings) !== null) return [];
  const alike = fresh.find(({ rule, valueLength }) => rule === old.rule && valueLength === old.valueLength);
  return [
    'no longer at its old place; the image was not searched for copies, because the report has no hash of a value that can be guessed',
    ...(alike === undefined
      ? []
      : [`a value of the same kind and length is new at another place (${alike.id}); it may be the same`]),
  ];
}

/** Returns a note about the parts of the image that were not read; empty if everything was read. */
export function unreadNotes(unread: readonly Incomplete[]): string[] {
  if (unread.length === 0) return [];
  const layers = [...new Set(unread.flatMap(({ layer }) => (layer === null ? [] : [layer])))];
  const what =
    layers.length === 0
      ? 'part of the archive was not read'
      : layers.length === 1
        ? `layer ${layers[0]} was not read completely`
        : `layers ${layers.join(', ')} were not read completely`;
  return [`${what}; the value may be there`];
}
