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
import { exactSize } from '../text/size.ts';
import type { Flag, FlagPlace } from './case.ts';

/** The data needed to locate a flag and determine its state. */
export interface FlagSources {
  readonly ledger: Ledger;
  readonly history: HistoryAlignment;
  readonly origins: readonly Origin[];
  readonly masker: Masker;
}

/** Converts flags to findings of the rule `flagged`. */
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
      suppressed: null,
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

/** Describes each error in the place of a flag. `case flag` does not open the image, so it cannot check the place. */
function misplaced({ end, layer, path }: FlagPlace, ledger: Ledger, event: number): string[] {
  if (path === null || layer === null) return [];
  if (event < 0 || ledger.layerOf(event) !== layer || ledger.isDeletion(event)) {
    return [`layer ${layer} has no such file`];
  }
  const place = ledger.placeOf(event);
  const size = ledger.entriesOf(place.layer).size(place.entry);
  return end !== null && end > size
    ? [`the range ends after the end of the file (${exactSize(size)} bytes)`]
    : [];
}

/** Describes the error in the place of a new flag. Returns null if the place is valid. */
export function wrongPlace(place: FlagPlace, { ledger }: Pick<FlagSources, 'ledger'>): string | null {
  const { layer, path } = place;
  const id = path === null ? -1 : ledger.paths.lookup(encodeName(path));
  const event = id < 0 || layer === null ? -1 : ledger.eventAt(id, layer);
  return misplaced(place, ledger, event)[0] ?? null;
}

/** Returns the id of a flag: an HMAC of its place under the case's key. */
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
