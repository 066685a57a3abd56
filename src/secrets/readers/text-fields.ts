import type { Confidence, Severity } from '../../finding/finding.ts';
import { texture } from '../entropy.ts';
import { knownExampleReason, placeholderReason } from '../placeholders.ts';
import type { RawHit } from '../raw-hit.ts';
import type { Verdict } from '../rule.ts';

/** What a reader says about one field of a file whose form it knows. */
export interface Field {
  readonly rule: string;
  readonly title: string;
  /** Place of the value in the text, in bytes (texts are latin1). */
  readonly start: number;
  readonly end: number;
  /** What the value stands for, where that is not its bytes. */
  readonly value?: string;
  readonly severity: Severity;
  /** By default the look of the value decides, at least `medium`: the file says what it is. */
  readonly confidence?: Confidence;
  readonly verdict?: Verdict;
  readonly reason?: string;
  readonly details?: Readonly<Record<string, string>>;
  /** By default 1: a name that the file's form gives a meaning. */
  readonly tier?: RawHit['tier'];
}

/** Makes a hit of a field; placeholders are demoted as everywhere. */
export function fieldHit(text: string, field: Field): RawHit {
  const value = field.value ?? text.slice(field.start, field.end);
  const known = knownExampleReason(value);
  const empty = known === null ? placeholderReason(value) : null;
  const verdict =
    field.verdict ??
    (known === null ? (empty === null ? 'structure-valid' : 'placeholder') : 'known-example');
  return {
    rule: field.rule,
    title: field.title,
    start: field.start,
    end: field.end,
    line: null,
    value: Buffer.from(value, field.value === undefined ? 'latin1' : 'utf8'),
    verdict,
    reason: field.reason ?? known ?? empty,
    severity: field.severity,
    confidence: field.confidence ?? (texture(value) === 'random' ? 'high' : 'medium'),
    via: null,
    details: field.details ?? {},
    tier: field.tier ?? 1,
  };
}

/** Gives hits of one text their lines, in one walk over it. @returns them in the order of the text */
export function withLines(text: string, hits: readonly RawHit[]): RawHit[] {
  let line = 1;
  let feed = text.indexOf('\n');
  return hits
    .toSorted((a, b) => a.start - b.start)
    .map((hit) => {
      for (; feed >= 0 && feed < hit.start; feed = text.indexOf('\n', feed + 1)) line++;
      return { ...hit, line };
    });
}

/** Longer lines hold no login that a person or a program wrote. */
const LONGEST_LINE = 64 * 1024;

/** A line with where it begins. */
export interface Line {
  readonly text: string;
  readonly start: number;
}

/** The lines of a text, without their ends; those of more than 64 KiB are left out. */
export function* linesOf(text: string): Generator<Line> {
  let start = 0;
  while (start < text.length) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    if (end - start <= LONGEST_LINE) yield { text: text.slice(start, end).replace(/\r$/, ''), start };
    start = end + 1;
  }
}

/** `key = value` of a line: the key, the value without its quotes, and where the value begins in the line. */
export interface Assigned {
  readonly key: string;
  readonly value: string;
  readonly at: number;
}

/** Reads `key = value`, `key: value` or `export key=value`; null for anything else, comments among it. */
export function assignedOn(line: string, separators = '=:'): Assigned | null {
  const head = new RegExp(
    `^\\s*(?:export\\s+|set\\s+)?["']?([\\w./:@%-]+?)["']?\\s*[${separators}]\\s*`,
  ).exec(line);
  if (head === null || /^\s*[#;]/.test(line)) return null;
  const rest = line.slice(head[0].length);
  const quoted = /^(["'])(.*?)\1/.exec(rest);
  if (quoted !== null) return { key: head[1]!, value: quoted[2]!, at: head[0].length + 1 };
  const comment = rest.search(/\s[#;]/);
  const bare = (comment < 0 ? rest : rest.slice(0, comment)).trimEnd();
  return { key: head[1]!, value: bare, at: head[0].length };
}
