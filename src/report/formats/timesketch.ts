import { eventFacts } from '../../ledger/entry-facts.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { escapeText } from '../../text/escape.ts';
import { toJson } from '../../text/json.ts';
import type { Report } from '../report.ts';

/**
 * Formats a timeline as JSON lines for Timesketch, each with `message`, `datetime` and `timestamp_desc`. The
 * `timestamp_desc` distinguishes times from the history from times in a layer's tar.
 */
export function* timesketchLines({ findings, history }: Report, ledger: Ledger): Generator<string> {
  for (const { created, index, instruction, layer } of history) {
    if (created === null || Number.isNaN(Date.parse(created))) continue;
    yield line({
      message: `history ${index}: ${escapeText(instruction)}`,
      datetime: new Date(created).toISOString(),
      timestamp_desc: 'history created',
      layer,
    });
  }
  const byPlace = new Map<string, string[]>();
  for (const { id, occurrences } of findings) {
    for (const { where } of occurrences) {
      if (where.surface !== 'file') continue;
      const key = `${where.layer} ${where.path}`;
      byPlace.set(key, [...(byPlace.get(key) ?? []), id]);
    }
  }
  for (let event = 0; event < ledger.eventCount; event++) {
    if (ledger.isDeletion(event)) continue;
    const facts = eventFacts(ledger, event);
    if (facts.mtime === null) continue;
    yield line({
      message: `layer ${facts.layer}: ${facts.change} ${escapeText(facts.path)}`,
      datetime: facts.mtime,
      timestamp_desc: 'tar mtime',
      layer: facts.layer,
      path: facts.path,
      state: facts.state,
      mode: facts.mode,
      findings: byPlace.get(`${facts.layer} ${facts.path}`) ?? [],
    });
  }
}

function line(fields: Readonly<Record<string, unknown>>): string {
  return toJson(fields, 0);
}
