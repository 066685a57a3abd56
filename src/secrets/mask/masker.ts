import { isKeyFingerprint, isSecretName } from '../names.ts';
import { scanText } from '../readers/text-scanner.ts';
import type { Rule } from '../rule.ts';
import { RULES } from '../rules/catalogue.ts';
import type { Span } from '../span.ts';
import { ruleOf, type UserRule } from '../user-rule.ts';
import { isMask, maskOf } from './mask-text.ts';

const ASSIGNMENT =
  /(?<![\w-])([A-Za-z_][A-Za-z0-9_-]{0,100})=("(?:[^"\\]|\\.){1,4096}"|'[^']{1,4096}'|[^\s"';&|]{1,4096})/g;
/** A shorter text cannot contain a secret. */
const MIN_TEXT = 6;
const MAX_CACHED = 2000;

/**
 * Masks credentials in texts from an image. Created from the configuration before anything is drawn or
 * printed.
 */
export class Masker {
  /** The built-in rules and the custom rules: values that match a custom rule must be masked too. */
  readonly rules: readonly Rule[];
  readonly #masked = new Map<string, string>();

  /** @param userRules custom rules of the configuration; empty without one */
  constructor(userRules: readonly UserRule[]) {
    this.rules = userRules.length === 0 ? RULES : [...RULES, ...userRules.map(ruleOf)];
  }

  /**
   * Masks every credential in a text, such as a history entry, a variable or a label: the matches of rules,
   * and values assigned to secret-like names. The mask shows the length of a value and none of its
   * characters. An already masked text does not change.
   * @param text as found, not yet escaped
   */
  mask(text: string): string {
    if (text.length < MIN_TEXT) return text;
    const known = this.#masked.get(text);
    if (known !== undefined) return known;
    const masked = cover(text, [...ruleSpans(text, this.rules), ...assignmentSpans(text)]);
    // The screen masks the same few hundred texts for every frame.
    if (this.#masked.size >= MAX_CACHED) this.#masked.clear();
    this.#masked.set(text, masked);
    return masked;
  }

  /** Masks all values and keeps the names. */
  maskAll(texts: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, this.mask(text)]));
  }
}

function ruleSpans(text: string, rules: readonly Rule[]): Span[] {
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
    if (!isSecretName(name) || /^["']?\$/.test(value)) continue;
    const quote = /^["']/.test(value) ? 1 : 0;
    if (isKeyFingerprint(name, quote === 0 ? value : value.slice(1, -1))) continue;
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
    out += text.slice(at, start) + (isMask(value) ? value : maskOf(Buffer.byteLength(value, 'utf8')));
    at = end;
  }
  return out + text.slice(at);
}
