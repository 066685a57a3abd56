import { createHmac } from 'node:crypto';
import type { Finding } from '../finding/finding.ts';
import { remediationOf } from '../finding/remediation.ts';
import { stateOf } from '../finding/state.ts';
import { placeOn } from '../finding/where.ts';
import type { HistoryAlignment } from '../history/align.ts';
import { instructionOfLayer } from '../history/align.ts';
import type { Origin } from '../history/origin.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import { encodeName } from '../text/escape.ts';
import type { Flag, FlagPlace } from './case.ts';

/** What is needed to tell where a flag's place is, and what became of it. */
export interface FlagSources {
  readonly ledger: Ledger;
  readonly history: HistoryAlignment;
  readonly origins: readonly Origin[];
  readonly masker: Masker;
}

/** What was flagged by hand, as findings beside those that the rules made. */
export function flagFindings(
  flags: readonly Flag[],
  { history, ledger, masker, origins }: FlagSources,
): Finding[] {
  return flags.map((flag) => {
    const { end, historyIndex, id, key, kind, layer, note, path, severity, start, surface } = flag;
    const where = placeOn({ surface, layer, path, offset: start, key, historyIndex });
    const pathId = path === null ? -1 : ledger.paths.lookup(encodeName(path));
    const event = pathId < 0 || layer === null ? -1 : ledger.eventAt(pathId, layer);
    const state = stateOf(where, event < 0 ? 'live' : ledger.state(event));
    const wrong = misplaced(flag, ledger, event);
    const origin = layer === null ? 'unknown' : (origins[layer] ?? 'unknown');
    const instruction = layer === null ? '' : instructionOfLayer(history, layer);
    const occurrence = {
      where,
      state,
      origin,
      introducedBy: instruction === '' ? null : masker.mask(instruction),
      removedBy: null,
      removedIn: null,
    };
    return {
      id,
      kind: 'secret',
      rule: 'flagged',
      title: kind,
      severity,
      confidence: 'high',
      reason: [note === null ? 'flagged by hand' : `flagged by hand: ${note}`, ...wrong].join('; '),
      demoted: null,
      where,
      occurrences: [occurrence],
      state,
      origin,
      introducedBy: occurrence.introducedBy,
      removedBy: null,
      redacted: null,
      fingerprint: null,
      valueLength: start !== null && end !== null ? end - start : null,
      details: {},
      remediation: remediationOf({ rule: 'flagged', state, where }),
      references: [],
    };
  });
}

/**
 * What is wrong with the place of a flag, in words: a case is begun without its image at hand, and a person
 * mistypes.
 */
function misplaced({ end, layer, path }: FlagPlace, ledger: Ledger, event: number): string[] {
  if (path === null || layer === null) return [];
  if (event < 0 || ledger.layerOf(event) !== layer || ledger.isDeletion(event)) {
    return [`layer ${layer} has no such file`];
  }
  const place = ledger.placeOf(event);
  const size = ledger.entriesOf(place.layer).size(place.entry);
  return end !== null && end > size ? [`the file has ${size} bytes, fewer than the range names`] : [];
}

/**
 * Says what is wrong with the place of a flag before it is set.
 * @returns null where nothing is
 */
export function wrongPlace(place: FlagPlace, { ledger }: Pick<FlagSources, 'ledger'>): string | null {
  const { layer, path } = place;
  const id = path === null ? -1 : ledger.paths.lookup(encodeName(path));
  const event = id < 0 || layer === null ? -1 : ledger.eventAt(id, layer);
  return misplaced(place, ledger, event)[0] ?? null;
}

/** The id of a flag: its place, under the case's key. */
export function flagId(place: FlagPlace, key: Uint8Array): string {
  const text = JSON.stringify([
    place.surface,
    place.layer,
    place.path,
    place.key,
    place.historyIndex,
    place.start,
    place.end,
  ]);
  return `flag-${createHmac('sha256', key).update(text).digest('hex').slice(0, 16)}`;
}
