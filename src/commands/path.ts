import { incompleteOf } from '../ledger/incomplete.ts';
import { timelineFacts, liveNames, supersededFacts } from '../ledger/entry-facts.ts';
import { pathText } from '../text/path-text.ts';
import { imageFacts, layerFacts } from '../report/image-facts.ts';
import { escapeText } from '../text/escape.ts';
import { entryLine } from './entry-lines.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { findPath } from './find-path.ts';
import { openForCommand } from './open-for-command.ts';
import { writeJson, writeLines } from './output.ts';

/** Maximum number of other live names in the first line; JSON has all. */
const MAX_NAMES = 8;

/** `exhume path IMAGE PATH`: shows the history of a path across the layers. */
export async function path(
  name: string,
  wanted: string,
  options: CommonOptions,
  context: CommandContext,
): Promise<void> {
  const opened = await openForCommand(name, options, context);
  const { ledger } = opened.stacked;
  const id = findPath(opened.stacked, wanted);
  const text = pathText(ledger.paths.path(id));
  const superseded = supersededFacts(ledger).filter((entry) => entry.path === text);
  const entries = [...ledger.line(id).map((event) => timelineFacts(ledger, event)), ...superseded].toSorted(
    (a, b) => a.layer - b.layer,
  );
  const last = ledger.lastEvent(id);
  // A directory without an entry of its own exists as long as something below it does.
  const state = last >= 0 && ledger.isDeletion(last) ? 'deleted' : 'live';
  const alsoLiveAs = last < 0 ? [] : liveNames(ledger, last);
  if (options.json) {
    await writeJson(
      context.stdout,
      {
        schema: 'exhume/path/1',
        image: imageFacts(opened.stacked),
        incomplete: incompleteOf(opened.stacked),
        path: text,
        state,
        alsoLiveAs,
      },
      { name: 'entries', items: entries },
    );
    return;
  }
  const layers = layerFacts(opened.stacked, opened.history, opened.origins, opened.masker);
  const lines = [`${escapeText(text)}: ${stateText(state, entries.length, alsoLiveAs)}`];
  for (const entry of entries) {
    lines.push(entryLine(entry), `      ${escapeText(layers[entry.layer]?.instruction ?? '')}`);
  }
  await writeLines(context.stdout, lines);
}

function stateText(state: 'live' | 'deleted', entries: number, alsoLiveAs: readonly string[]): string {
  if (entries === 0) return 'a directory without an entry of its own';
  const names = alsoLiveAs
    .slice(0, MAX_NAMES)
    .map((name) => escapeText(name))
    .concat(alsoLiveAs.length > MAX_NAMES ? [`${alsoLiveAs.length - MAX_NAMES} more`] : [])
    .join(', ');
  if (state === 'live') return `live in the final tree${names === '' ? '' : `, also as ${names}`}`;
  if (names !== '') return `deleted; the file is still live as ${names}`;
  return 'deleted, but recoverable from the image';
}
