import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import * as z from 'zod';
import { nearNames } from '../image/engines/near-names.ts';
import { Problem } from '../problem.ts';
import { COMMANDS, type CommandName } from './commands.ts';
import { type Binding, type Context, KEYMAP } from './keymap.ts';
import { keyText, typedKeyName } from './key-names.ts';
import { VIEW_HANDLERS } from './view-handlers.ts';

/** Contexts with a text prompt, where a letter cannot be a key. */
const TYPED: ReadonlySet<Context> = new Set<Context>(['palette', 'jump', 'images', 'prompt', 'line']);
/** Ctrl-C always quits, so that no file can make the program impossible to leave. */
const FIXED_KEY = 'ctrl-c';
/** An overlay without a key for this command could not be closed. */
const WAY_OUT: CommandName = 'back';

/** Names in earlier key files that are still accepted. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['view:ghosts', 'view:deleted'], // version 1
  ['findings-demoted', 'findings-suppressed'], // version 1
]);

const KEY = z.union([z.string(), z.number()], { error: 'a key is a string; put it in quotes' });
const FILE = z.record(
  z.string(),
  z.record(z.string(), z.union([KEY, z.array(KEY)], { error: 'expected a key or a list of keys' }), {
    error: 'expected actions with their keys, as in "sort: S"',
  }),
  { error: 'expected contexts with actions, as in "global:" and below it "quit: Q"' },
);

/**
 * Parses custom key bindings and merges them into the keymap. The keys of an action in a context replace its
 * default keys there and are removed from other actions of that context.
 * @param text YAML: by context, by action, a key or a list of keys; an empty list unbinds the action
 * @param name of the file, for errors
 * @throws Problem `usage` with the file and the line of the first error
 */
export function parseUserKeymap(text: string, name: string): readonly Binding[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const wrong = (line: number, message: string): Problem =>
    new Problem('usage', `${name}:${line}: ${message}`, { file: name });
  const lineOf = (node: unknown): number =>
    isNode(node) && node.range ? lines.linePos(node.range[0]).line : 1;
  const [error] = document.errors;
  if (error !== undefined) throw wrong(lines.linePos(error.pos[0]).line, error.message);
  if (document.contents === null) return KEYMAP;
  const parsed = FILE.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const node = nearestNode(document.contents, issue.path);
    throw wrong(lineOf(node), issue.message);
  }
  const given: Given[] = [];
  for (const { key, value } of pairs(document.contents)) {
    const context = RENAMED.get(String(key.value)) ?? String(key.value);
    if (!isContext(context)) {
      throw wrong(lineOf(key), `unknown context: ${context}${offer(context, CONTEXTS)}`);
    }
    for (const each of pairs(value)) {
      const action = RENAMED.get(String(each.key.value)) ?? String(each.key.value);
      const known = commandsOf(context);
      if (!known.includes(action as CommandName)) {
        const elsewhere = Object.hasOwn(COMMANDS, action)
          ? `has no effect in ${context}`
          : 'is not an action';
        throw wrong(lineOf(each.key), `${action} ${elsewhere}${offer(action, known)}`);
      }
      const keys = scalars(each.value).map((node) => {
        const pressed = typedKeyName(String(node.value));
        if (pressed === null) throw wrong(lineOf(node), `${String(node.value)} is not a key; ${KEYS_ARE}`);
        const trouble = refused(pressed, context);
        if (trouble !== null) throw wrong(lineOf(node), `${String(node.value)} ${trouble}`);
        const other = given.find((one) => one.context === context && one.keys.includes(pressed));
        if (other !== undefined) {
          throw wrong(lineOf(node), `${pressed} is already bound to ${other.command} in line ${other.line}`);
        }
        return pressed;
      });
      given.push({ context, command: action as CommandName, keys, line: lineOf(each.key) });
    }
  }
  const merged = merge(given);
  for (const { context, line } of given) {
    if (isView(context) || !KEYMAP.some(bindsWayOut(context)) || merged.some(bindsWayOut(context))) continue;
    throw wrong(line, `${WAY_OUT} needs a key in ${context}: otherwise it could not be closed`);
  }
  return merged;
}

interface Given {
  readonly context: Context;
  readonly command: CommandName;
  readonly keys: readonly string[];
  /** Line of the action in the file, from 1. */
  readonly line: number;
}

const KEYS_ARE =
  'a key is a letter or sign, ctrl-x, alt-x, or one of enter esc tab shift-tab space up down left right ' +
  'pageup pagedown home end backspace delete';

const CONTEXTS: readonly Context[] = [...new Set(KEYMAP.map(({ context }) => context))];

function isContext(name: string): name is Context {
  return (CONTEXTS as readonly string[]).includes(name);
}

function bindsWayOut(context: Context): (binding: Binding) => boolean {
  return (binding) => binding.context === context && binding.command === WAY_OUT;
}

function isView(context: Context): boolean {
  return /^(?:global$|view:|pane:)/.test(context);
}

/** Returns the commands that can be bound in a context: in a view, those of any view; in an overlay, its own. */
function commandsOf(context: Context): readonly CommandName[] {
  const bound = KEYMAP.filter((each) => each.context === context).map(({ command }) => command);
  const handled = isView(context)
    ? Object.values(VIEW_HANDLERS).flatMap((handlers) => Object.keys(handlers) as CommandName[])
    : [];
  return [...new Set([...bound, ...handled])];
}

/** Returns why a key cannot be bound in a context; null if it can. */
function refused(key: string, context: Context): string | null {
  if (key === FIXED_KEY) return 'cannot be bound: it always quits';
  if (TYPED.has(context) && keyText(key) !== null) {
    return `cannot be bound in ${context}: it types a character there`;
  }
  return null;
}

function merge(given: readonly Given[]): readonly Binding[] {
  const kept = KEYMAP.flatMap((binding): Binding[] => {
    const own = given.find(
      ({ context, command }) => context === binding.context && command === binding.command,
    );
    const taken = new Set(
      given.filter(({ context }) => context === binding.context).flatMap((each) => each.keys),
    );
    const keys = binding.keys.filter((key) => key === FIXED_KEY || (own === undefined && !taken.has(key)));
    const first = KEYMAP.find(
      ({ context, command }) => context === binding.context && command === binding.command,
    );
    const all = own !== undefined && first === binding ? [...own.keys, ...keys] : keys;
    return all.length === 0 ? [] : [{ ...binding, keys: all }];
  });
  const fresh = given.filter(
    ({ context, command, keys }) =>
      keys.length > 0 && !KEYMAP.some((each) => each.context === context && each.command === command),
  );
  return [...kept, ...fresh.map(({ context, command, keys }): Binding => ({ context, command, keys }))];
}

function offer(name: string, known: readonly string[]): string {
  const near = nearNames(name, known);
  return near.length === 0 ? `; expected one of ${known.join(' ')}` : `; did you mean ${near.join(' or ')}?`;
}

interface Pair {
  readonly key: { readonly value: unknown };
  readonly value: unknown;
}

function pairs(node: unknown): readonly Pair[] {
  return isMap(node) ? node.items.flatMap(({ key, value }) => (isScalar(key) ? [{ key, value }] : [])) : [];
}

function scalars(node: unknown): readonly { readonly value: unknown }[] {
  return (isSeq(node) ? node.items : [node]).filter((each) => isScalar(each));
}

/** Returns the node at a path, or the nearest node above it. */
function nearestNode(top: Node, path: readonly PropertyKey[]): unknown {
  let node: unknown = top;
  for (const part of path) {
    let next: unknown;
    if (isMap(node)) next = node.items.find(({ key }) => isScalar(key) && String(key.value) === part);
    else if (isSeq(node)) next = node.items[Number(part)];
    const inner = isNode(next) ? next : ((next as { value?: unknown } | undefined)?.value ?? undefined);
    if (!isNode(inner)) return node;
    node = inner;
  }
  return node;
}
