import { graphemes } from '../text/width.ts';

/** A key event, as Ink reports it. */
export interface PressedKey {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly pageDown: boolean;
  readonly pageUp: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly return: boolean;
  readonly escape: boolean;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly tab: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
  readonly meta: boolean;
}

/** Characters that are keys if they arrive together with others, as in fast typing. */
const CONTROL_NAMES: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  ' ': 'space',
  '\x1b': 'esc',
  '\x7f': 'backspace',
  '\b': 'backspace',
};

/**
 * Returns the names of the keys of one event, in order; fast typing arrives as one event of many characters.
 * `up`, `pagedown`, `enter`, `esc`, `tab`, `shift-tab`, `space`, `ctrl-p`, `alt-x`, or the letter itself.
 */
export function keyNames(input: string, key: PressedKey): string[] {
  const special = specialName(key);
  if (special !== null) return [special];
  if (key.ctrl && input !== '') return [input === ' ' ? 'ctrl-space' : `ctrl-${input.toLowerCase()}`];
  if (key.meta && input !== '') return [`alt-${input}`];
  return graphemes(input).map(letterName);
}

function letterName(letter: string): string {
  const name = CONTROL_NAMES[letter];
  if (name !== undefined) return name;
  const code = letter.codePointAt(0) ?? 0;
  return code > 0 && code < 27 ? `ctrl-${String.fromCharCode(code + 96)}` : letter;
}

function specialName(key: PressedKey): string | null {
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'pageup';
  if (key.pageDown) return 'pagedown';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.return) return 'enter';
  if (key.escape) return 'esc';
  if (key.tab) return key.shift ? 'shift-tab' : 'tab';
  if (key.backspace) return 'backspace';
  if (key.delete) return 'delete';
  return null;
}

/** Returns the character that a key types; null for none. */
export function keyText(name: string): string | null {
  if (name === 'space') return ' ';
  return graphemes(name).length === 1 ? name : null;
}

const LABELS: Readonly<Record<string, string>> = {
  pageup: 'PgUp',
  pagedown: 'PgDn',
  'shift-tab': 'S-tab',
  f1: 'F1',
};

/** Returns a key as it is shown: `^p` for ctrl-p. */
export function keyLabel(name: string): string {
  if (name.startsWith('ctrl-')) return `^${name.slice('ctrl-'.length)}`;
  return LABELS[name] ?? name;
}

const NAMED: ReadonlySet<string> = new Set(
  'enter esc tab shift-tab space up down left right pageup pagedown home end backspace delete'.split(' '),
);
const OTHER_NAMES: Readonly<Record<string, string>> = {
  return: 'enter',
  escape: 'esc',
  pgup: 'pageup',
  pgdn: 'pagedown',
  's-tab': 'shift-tab',
  ' ': 'space',
  '\t': 'tab',
  // Terminals send the same code for both.
  'ctrl-i': 'tab',
  'ctrl-m': 'enter',
  'ctrl-j': 'enter',
};

/**
 * Returns the name of a key as users write it: `PgUp`, `^p`, `ctrl-p`, `alt-x`, `G`.
 * @returns null if it is not a key, or not one that terminals report
 */
export function typedKeyName(written: string): string | null {
  if (graphemes(written).length === 1) {
    if (written === ' ' || written === '\t') return OTHER_NAMES[written]!;
    return /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u.test(written) ? written : null;
  }
  const alt = /^(?:alt|meta)-(\S)$/iu.exec(written)?.[1];
  if (alt !== undefined) return `alt-${alt}`;
  const name = written.toLowerCase().replace(/^(?:\^|c-|ctrl\+|control-)(?=.$)/, 'ctrl-');
  const known = OTHER_NAMES[name] ?? name;
  return NAMED.has(known) || /^ctrl-(?:[a-z]|space)$/.test(known) ? known : null;
}
