import type { Confidence, Severity } from '../../finding/finding.ts';
import { texture } from '../entropy.ts';
import { knownExampleReason, placeholderReason } from '../placeholders.ts';
import type { RawHit } from '../raw-hit.ts';
import type { Verdict } from '../rule.ts';

/** A credential in a field of a file with a known format. */
export interface Field {
  readonly rule: string;
  readonly title: string;
  /** Range of the value in the text, in bytes (texts are latin1). */
  readonly start: number;
  readonly end: number;
  /** The decoded value, if it differs from the bytes. */
  readonly value?: string;
  readonly severity: Severity;
  /**
   * By default decided by the look of the value, and at least `medium`, since the file format defines the
   * field.
   */
  readonly confidence?: Confidence;
  readonly verdict?: Verdict;
  readonly reason?: string;
  readonly details?: Readonly<Record<string, string>>;
  /** By default 1: the file format gives the name a meaning. */
  readonly tier?: RawHit['tier'];
}

/** Returns the hit for a field. Placeholders are suppressed as everywhere. */
export function fieldHit(text: string, field: Field): RawHit {
  const value = field.value ?? text.slice(field.start, field.end);
  const known = knownExampleReason(value);
  const placeholder = known === null ? placeholderReason(value) : null;
  const verdict =
    field.verdict ??
    (known === null ? (placeholder === null ? 'structure-valid' : 'placeholder') : 'known-example');
  return {
    rule: field.rule,
    title: field.title,
    start: field.start,
    end: field.end,
    line: null,
    value: Buffer.from(value, field.value === undefined ? 'latin1' : 'utf8'),
    verdict,
    reason: field.reason ?? known ?? placeholder,
    severity: field.severity,
    confidence: field.confidence ?? (texture(value) === 'random' ? 'high' : 'medium'),
    via: null,
    details: field.details ?? {},
    tier: field.tier ?? 1,
  };
}

/**
 * Sets the line numbers of the hits in a text.
 * @returns the hits in text order
 */
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

/** Longer lines do not contain logins. */
const MAX_LINE = 64 * 1024;

/** A line and its offset in the text. */
export interface Line {
  readonly text: string;
  readonly start: number;
}

/** Yields the lines of a text without line ends. Lines of more than 64 KiB are left out. */
export function* linesOf(text: string): Generator<Line> {
  let start = 0;
  while (start < text.length) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    if (end - start <= MAX_LINE) yield { text: text.slice(start, end).replace(/\r$/, ''), start };
    start = end + 1;
  }
}

/** The key and the unquoted value of an assignment, and the offset of the value in the line. */
export interface Assigned {
  readonly key: string;
  readonly value: string;
  readonly at: number;
}

/** Parses `key = value`, `key: value` or `export key=value`; null for anything else, including comments. */
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
