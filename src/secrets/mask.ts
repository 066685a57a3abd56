import type { Rule } from './rule.ts';
import { RULES } from './rules/catalogue.ts';
import { scanText } from './text-scanner.ts';
import { ruleOf, type UserRule } from './user-rule.ts';

/**
 * Words that make an assignment's name sound like a secret's. A name is taken apart at `_` and
 * `-`, so that MONKEY is no KEY.
 */
const SECRET_WORDS = new Set([
  'password',
  'passwd',
  'pass',
  'pwd',
  'pgpassword',
  'secret',
  'token',
  'key',
  'apikey',
  'credential',
  'credentials',
  'auth',
]);
/** Words that say that it is none after all. */
const HARMLESS_WORDS = new Set(['public', 'file', 'path', 'url', 'id', 'name', 'version', 'keyring']);

const ASSIGNMENT =
  /(?<![\w-])([A-Za-z_][A-Za-z0-9_-]{0,100})=("(?:[^"\\]|\\.){1,4096}"|'[^']{1,4096}'|[^\s"';&|]{1,4096})/g;
/** What {@link maskSecrets} puts in the place of a value. */
const MASK = /^\*{1,8}\(\d+\)$/;
/** Nothing shorter can hold a secret, with or without the words around it. */
const SHORTEST = 6;
const MOST_REMEMBERED = 2000;

/** A stretch [start, end), of bytes or of letters. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const remembered = new Map<string, string>();
let rules: readonly Rule[] = RULES;

/**
 * Covers what a user's own rules find, too, from here on: whoever writes a rule for a value does not want to
 * see it quoted.
 */
export function maskWith(userRules: readonly UserRule[]): void {
  rules = userRules.length === 0 ? RULES : [...RULES, ...userRules.map(ruleOf)];
  remembered.clear();
}

/** The rules by which values are covered. */
export function maskingRules(): readonly Rule[] {
  return rules;
}

/**
 * Covers every credential in a text from a history, a variable, a label: what the rules find, and the
 * values of all assignments whose name sounds like a secret's. The mask tells the length and no
 * character. A text that is masked already stays as it is.
 * @param text as found, not escaped yet
 */
export function maskSecrets(text: string): string {
  if (text.length < SHORTEST) return text;
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const masked = cover(text, [...ruleSpans(text), ...assignmentSpans(text)]);
  // A screen asks for the same few hundred texts with every frame.
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(text, masked);
  return masked;
}

function ruleSpans(text: string): Span[] {
  const bytes = Buffer.from(text, 'utf8');
  const ascii = bytes.length === text.length;
  const place = (offset: number): number =>
    ascii ? offset : bytes.toString('utf8', 0, Math.max(0, offset)).length;
  return scanText(bytes, 'commands', rules)
    .filter(({ verdict }) => verdict !== 'placeholder' && verdict !== 'known-example')
    .map(({ start, end }) => ({ start: place(start), end: place(end) }));
}

function assignmentSpans(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(ASSIGNMENT)) {
    const [whole, name = '', value = ''] = match;
    if (!soundsSecret(name) || /^["']?\$/.test(value)) continue;
    const quote = /^["']/.test(value) ? 1 : 0;
    const end = match.index + whole.length - quote;
    spans.push({ start: end - (value.length - 2 * quote), end });
  }
  return spans;
}

function cover(text: string, spans: readonly Span[]): string {
  let out = '';
  let at = 0;
  const sorted = spans.toSorted((a, b) => a.start - b.start || b.end - a.end);
  for (let i = 0; i < sorted.length;) {
    const { start } = sorted[i]!;
    let { end } = sorted[i]!;
    for (i++; i < sorted.length && sorted[i]!.start < end; i++) end = Math.max(end, sorted[i]!.end);
    const value = text.slice(start, end);
    if (value === '') continue;
    out += text.slice(at, start) + (MASK.test(value) ? value : mask(value));
    at = end;
  }
  return out + text.slice(at);
}

function mask(value: string): string {
  const length = Buffer.byteLength(value, 'utf8');
  return `${'*'.repeat(Math.min(8, length))}(${length})`;
}

function soundsSecret(name: string): boolean {
  const words = name.toLowerCase().split(/[_-]/);
  return words.some((word) => SECRET_WORDS.has(word)) && !words.some((word) => HARMLESS_WORDS.has(word));
}
