import picomatch from 'picomatch';
import { Change } from '../ledger/change.ts';
import { incompleteOf } from '../ledger/incomplete.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isPrivilegedFile, privilegeAt } from '../ledger/privileges.ts';
import { Problem } from '../problem.ts';
import { type EntryFacts, listedFacts, supersededFacts } from '../ledger/entry-facts.ts';
import { pathText } from '../text/path-text.ts';
import { imageFacts, layerFacts } from '../report/image-facts.ts';
import { entryLine, entryTable } from './entry-lines.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { openForCommand } from './open-for-command.ts';
import { writeJson, writeLines } from './output.ts';

export interface LsOptions extends CommonOptions {
  readonly layer?: string;
  readonly after?: string;
  readonly final?: boolean;
  readonly changes?: boolean;
  readonly deleted?: boolean;
  readonly setuid?: boolean;
  readonly match?: string;
}

/** `exhume ls IMAGE`: lists entries, of all layers unless the options select some. */
export async function ls(
  name: string | undefined,
  options: LsOptions,
  context: CommandContext,
): Promise<void> {
  const matches = options.match === undefined ? null : pathMatcher(options.match);
  const opened = await openForCommand(name, options, context);
  const { ledger } = opened.stacked;
  const layerCount = opened.stacked.image.layers.length;
  const layer = options.layer === undefined ? null : parseLayer(options.layer, layerCount);
  const after = options.after === undefined ? null : parseLayer(options.after, layerCount);
  const entries = listEntries(ledger, { options, layer, after, matches });
  if (options.json) {
    await writeJson(
      context.stdout,
      {
        schema: 'exhume/ls/1',
        image: imageFacts(opened.stacked),
        layers: layerFacts(opened.stacked, opened.history, opened.origins, opened.masker),
        incomplete: incompleteOf(opened.stacked),
      },
      { name: 'entries', items: entries },
    );
    return;
  }
  await writeLines(context.stdout, entryTable(entries, entryLine));
}

/**
 * Parses a layer number.
 * @throws Problem `no-such-layer`
 */
export function parseLayer(text: string, count: number): number {
  const layer = Number(text);
  if (/^\d+$/.test(text) && layer < count) return layer;
  throw new Problem('no-such-layer', `--layer ${text}: the image has layers 0 to ${count - 1}`);
}

/** Returns a matcher for absolute paths. A glob without a slash matches the last segment. */
export function pathMatcher(glob: string): (path: string) => boolean {
  const anchored = glob.includes('/') && !glob.startsWith('/') && !glob.startsWith('**') ? `/${glob}` : glob;
  return picomatch(anchored, {
    dot: true,
    basename: !glob.includes('/'),
    nonegate: true,
    strictSlashes: true,
  });
}

interface Selection {
  readonly options: LsOptions;
  readonly layer: number | null;
  readonly after: number | null;
  readonly matches: ((path: string) => boolean) | null;
}

function* listEntries(ledger: Ledger, selection: Selection): Generator<EntryFacts> {
  const { options, layer, after, matches } = selection;
  const wantsMatch = (path: string): boolean => matches === null || matches(path);
  const tree = options.final === true || after !== null;
  const shownTree = options.final === true ? ledger.layers.length - 1 : (after ?? undefined);
  for (const event of eventsInOrder(ledger, selection)) {
    if (matches !== null && !matches(pathText(ledger.paths.path(ledger.pathOf(event))))) continue;
    yield listedFacts(ledger, event, shownTree);
  }
  if (tree || options.changes === true) return;
  for (const [i, facts] of supersededFacts(ledger).entries()) {
    if (layer !== null && facts.layer !== layer) continue;
    if (options.deleted === true && facts.state !== 'deleted') continue;
    if (options.setuid === true && privilegeAt(ledger, ledger.superseded[i]!)?.directory !== false) continue;
    if (wantsMatch(facts.path)) yield facts;
  }
}

/** Returns the selected events, sorted by layer and path; by path alone for a tree, `--deleted` and `--setuid`. */
function eventsInOrder(ledger: Ledger, { options, layer, after }: Selection): number[] {
  const tree = options.final === true || after !== null;
  const [start, end] = layer === null ? [0, ledger.eventCount] : ledger.eventsOf(layer);
  const events: number[] = [];
  for (let event = start; event < end; event++) {
    const path = ledger.pathOf(event);
    const deletion = ledger.isDeletion(event);
    if (options.changes === true ? ledger.change(event) === Change.unchanged : deletion) continue;
    if (options.final === true && ledger.lastEvent(path) !== event) continue;
    if (after !== null && ledger.eventAt(path, after) !== event) continue;
    if (options.deleted === true && ledger.state(event) !== 'deleted') continue;
    if (options.setuid === true && !isPrivilegedFile(ledger, event)) continue;
    events.push(event);
  }
  const byPath = tree || options.deleted === true || options.setuid === true;
  const order = pathOrder(ledger);
  return events.toSorted((a, b) => {
    const layers = byPath ? 0 : ledger.layerOf(a) - ledger.layerOf(b);
    return layers !== 0 ? layers : order(ledger.pathOf(a), ledger.pathOf(b)) || a - b;
  });
}

/** Returns a comparator of paths by raw bytes, which puts a directory before its content. */
function pathOrder(ledger: Ledger): (a: number, b: number) => number {
  const cache = new Map<number, Uint8Array>();
  const bytes = (path: number): Uint8Array => {
    let known = cache.get(path);
    if (known === undefined) {
      known = ledger.paths.path(path);
      cache.set(path, known);
    }
    return known;
  };
  return (a, b) => (a === b ? 0 : Buffer.compare(bytes(a), bytes(b)));
}
