import type { Finding } from '../finding/finding.ts';
import type { FindingState } from '../finding/state.ts';
import type { Where } from '../finding/where.ts';
import type { Incomplete } from '../ledger/unread-parts.ts';
import { valueFingerprintOf } from './pair.ts';
import type { EarlierFinding, EarlierReport } from './read-report.ts';

/** Why a value that the container no longer gets is still in the image. */
const HIDDEN: Readonly<Record<Exclude<FindingState, 'live'>, string>> = {
  deleted: 'deleted in a later layer: the layer below still has it, and so has whoever holds the image',
  shadowed: 'replaced in a later layer: the layer below still has the old value',
  metadata: 'the container no longer gets it, but the metadata of the image still has it',
};

/** What people do that looks like a fix and is none. */
export function halfMeasures(
  old: EarlierFinding,
  now: Finding,
  stays: boolean,
  shared: ReadonlySet<string>,
): string[] {
  const notes: string[] = [];
  if (now.demoted !== null) notes.push(`still there, and demoted now: ${now.demoted}`);
  const surfaces = new Set(now.occurrences.map(({ where }) => where.surface));
  const onlyArchive = surfaces.size === 1 && surfaces.has('archive');
  if (onlyArchive) {
    notes.push(
      'no layer of the image has it any more, but a blob of the archive does: the old layers were saved or pushed along with it',
    );
  } else if (old.state === 'live' && now.state !== 'live') {
    notes.push(HIDDEN[now.state]);
  } else if (now.state === 'shadowed' || now.state === 'deleted') {
    notes.push('still recoverable from a lower layer, as before');
  }
  if (!stays && !onlyArchive) notes.push('the same value under another name or at another place');
  const layers = now.occurrences.flatMap(({ where }) => (where.layer === null ? [] : [where.layer]));
  const unchanged = [...new Set(layers)].filter((layer) => shared.has(`${layer}`));
  if (unchanged.length > 0) {
    const named = unchanged.length === 1 ? `layer ${unchanged[0]} is` : `layers ${unchanged.join(', ')} are`;
    notes.push(`${named} the same as before, byte for byte: the image was not built again from there`);
  }
  const encoded = encodedAs(old, now);
  if (encoded !== null)
    notes.push(`the same value, only encoded now (${encoded}): that hides it from nobody`);
  if (now.origin === 'base') notes.push('it comes with the base image: another base is needed');
  if (surfaces.has('history') && !surfaces.has('file')) {
    notes.push('it stands in the history: a squash or an rm does not touch that');
  }
  return notes;
}

/** In what a value that stood plain is wrapped now, wherever it still stands; null where it is plain somewhere. */
function encodedAs(old: EarlierFinding, now: Finding): string | null {
  const wrapped = (places: readonly { readonly where: Where }[]): boolean =>
    places.every(({ where }) => where.inside.length > 0);
  return wrapped(now.occurrences) && !wrapped(old.occurrences) ? now.where.inside.join(', ') : null;
}

/**
 * Why a credential that was not found may be in the image all the same. The report has no hash of a value that
 * can be guessed, so only its places could be looked at.
 */
export function unsearched(old: EarlierFinding, earlier: EarlierReport, fresh: readonly Finding[]): string[] {
  if (old.kind !== 'secret' || old.fingerprint === null) return [];
  if (valueFingerprintOf(old, earlier.findings) !== null) return [];
  const alike = fresh.find(({ rule, valueLength }) => rule === old.rule && valueLength === old.valueLength);
  return [
    'its place no longer has it; the report has no hash of a value that can be guessed, so the image was not searched for copies of it',
    ...(alike === undefined
      ? []
      : [
          `a value of the same kind and length is new at another place (${alike.id}): it may be the same one`,
        ]),
  ];
}

/** Says which part of the image was not read, if any was not. */
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
