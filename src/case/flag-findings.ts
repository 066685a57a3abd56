import { createHmac } from 'node:crypto';
import type { Finding, Where } from '../finding/finding.ts';
import type { HistoryAlignment } from '../history/align.ts';
import { instructionOfLayer } from '../history/align.ts';
import type { Origin } from '../history/origin.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Flag, FlagPlace } from './case.ts';

/** What is needed to tell where a flag's place is, and what became of it. */
export interface FlagSources {
  readonly ledger: Ledger;
  readonly history: HistoryAlignment;
  readonly origins: readonly Origin[];
}

/** What was flagged by hand, as findings beside those that the rules made. */
export function flagFindings(flags: readonly Flag[], { history, ledger, origins }: FlagSources): Finding[] {
  return flags.map((flag) => {
    const { end, historyIndex, id, key, kind, layer, note, path, severity, start, surface } = flag;
    const where: Where = { surface, layer, path, line: null, offset: start, key, historyIndex, inside: [] };
    const pathId = path === null ? -1 : ledger.paths.lookup(Buffer.from(path));
    const event = pathId < 0 || layer === null ? -1 : ledger.eventAt(pathId, layer);
    const state = event < 0 ? 'live' : ledger.state(event);
    const origin = layer === null ? 'unknown' : (origins[layer] ?? 'unknown');
    const instruction = layer === null ? '' : instructionOfLayer(history, layer);
    const occurrence = {
      where,
      state,
      origin,
      introducedBy: instruction === '' ? null : instruction,
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
      reason: note === null ? 'flagged by hand' : `flagged by hand: ${note}`,
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
      remediation: ['Revoke it where it was issued, and build again without it.'],
      references: [],
    };
  });
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
