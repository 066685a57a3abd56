import { texture } from '../entropy.ts';
import { knownExampleReason, placeholderReason } from '../known.ts';
import type { RawHit } from '../raw-hit.ts';
import type { Confidence, Severity, Verdict } from '../rule.ts';

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
    line: lineAt(text, field.start),
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

/** The line of a place in a text, from 1. */
export function lineAt(text: string, at: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

/** A line with where it begins. */
export interface Line {
  readonly text: string;
  readonly start: number;
}

/** The lines of a text, without their ends. */
export function* linesOf(text: string): Generator<Line> {
  let start = 0;
  while (start < text.length) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    yield { text: text.slice(start, end).replace(/\r$/, ''), start };
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
  const bare = rest.replace(/\s+[#;].*$/, '').trimEnd();
  return { key: head[1]!, value: bare, at: head[0].length };
}
