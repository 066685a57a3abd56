import type { Confidence, Severity } from '../../finding/finding.ts';
import type { Anchor, Gate, LeftBoundary, PatternStart, RandomText, Rule, ValidatorName } from '../rule.ts';
import type { Alphabet } from './alphabet.ts';
import { HEX } from './alphabet.ts';

/** A run of characters. `max` equals `min` if the length is fixed. */
export interface Run {
  readonly alphabet: Alphabet;
  readonly min: number;
  readonly max: number;
}

/**
 * A token as a sequence of fixed texts and runs of characters. The pattern and the example are both derived
 * from it.
 */
export type Shape = readonly (string | Run)[];

export function run(alphabet: Alphabet, min: number, max = min): Run {
  return { alphabet, min, max };
}

/** 8-4-4-4-12 hexadecimal digits, RFC 9562 §4. */
export const UUID: Shape = [
  run(HEX, 8),
  '-',
  run(HEX, 4),
  '-',
  run(HEX, 4),
  '-',
  run(HEX, 4),
  '-',
  run(HEX, 12),
];

export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function shapePattern(shape: Shape): string {
  return shape
    .map((piece) => {
      if (typeof piece === 'string') return escapePattern(piece);
      const { alphabet, min, max } = piece;
      return `[${alphabet.set}]{${min === max ? min : `${min},${max}`}}`;
    })
    .join('');
}

export function shapeExample(shape: Shape, random: RandomText): string {
  return shape
    .map((piece) => (typeof piece === 'string' ? piece : random.text(piece.alphabet.characters, piece.min)))
    .join('');
}

/** Properties shared by all kinds of rules. */
interface Facts {
  readonly id: string;
  readonly title: string;
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly validator?: ValidatorName;
  readonly strong?: boolean;
  readonly references?: readonly string[];
  readonly example?: (random: RandomText) => string;
}

export interface TokenFacts extends Facts {
  /** Prefix of the token; also the anchor. */
  readonly prefix: string | readonly string[];
  readonly shape: Shape;
  readonly left?: LeftBoundary;
  /** Negative look-ahead after the token; by default rejects more characters of the last run. */
  readonly right?: string;
}

/** Returns a rule for a token with a distinctive prefix, such as `ghp_`. */
export function token(family: string, facts: TokenFacts): Rule {
  const prefixes = typeof facts.prefix === 'string' ? [facts.prefix] : facts.prefix;
  const alternatives = prefixes.map(escapePattern).join('|');
  const start = prefixes.length === 1 ? alternatives : `(?:${alternatives})`;
  const longest = Math.max(...prefixes.map((prefix) => prefix.length));
  return {
    ...common(family, facts, { confidence: 'medium', strong: true, severity: 'high' }),
    anchors: prefixes.map((text) => ({ text })),
    pattern: `${start}${shapePattern(facts.shape)}${facts.right ?? rightBoundary(facts.shape)}`,
    start: { at: 'anchor' },
    gate: gateOf(facts.shape),
    left: facts.left ?? 'word',
    reach: longest + shapeReach(facts.shape) + 8,
    example:
      facts.example ??
      ((random) => prefixes[random.below(prefixes.length)]! + shapeExample(facts.shape, random)),
  };
}

export interface NamedFacts extends Facts {
  /** Words of which one must occur in the assigned name, in either case. */
  readonly words: readonly string[];
  readonly shape: Shape;
  /** Suffix of the name in the example, such as `_API_KEY`. */
  readonly suffix?: string;
}

/**
 * Matches from a word in a name to the assigned value: the rest of the name, quotes, a separator, a quote.
 */
export const TO_VALUE = `[A-Za-z0-9_.-]{0,40}["'\`\\])]{0,3}[ \\t]{0,8}(?:=>|:=|\\?=|[:=])[ \\t]{0,8}(?:\\\\?["'\`])?`;

/**
 * Returns a rule for a token without a prefix, recognized by the name it is assigned to, such as
 * `DATADOG_API_KEY=`.
 */
export function named(family: string, facts: NamedFacts): Rule {
  return {
    ...common(family, facts, { confidence: 'medium', strong: false, severity: 'high' }),
    validator: facts.validator ?? 'random',
    anchors: facts.words.map((text) => ({ text, ignoreCase: true })),
    pattern: `${TO_VALUE}(${shapePattern(facts.shape)})${rightBoundary(facts.shape)}`,
    start: { at: 'after' },
    gate: { kind: 'assigned' },
    left: 'none',
    reach: 80 + shapeReach(facts.shape),
    example:
      facts.example ??
      ((random) =>
        `${facts.words[0]!.toUpperCase()}${facts.suffix ?? ''}=${shapeExample(facts.shape, random)}`),
  };
}

export interface FreeFacts extends Facts {
  readonly anchors: readonly Anchor[];
  readonly pattern: string;
  readonly start?: PatternStart;
  readonly gate?: Gate;
  readonly left?: LeftBoundary;
  readonly reach?: number;
  readonly example: (random: RandomText) => string;
}

/** Returns any other rule. */
export function free(family: string, facts: FreeFacts): Rule {
  return {
    ...common(family, facts, { confidence: 'medium', strong: true, severity: 'high' }),
    anchors: facts.anchors,
    pattern: facts.pattern,
    start: facts.start ?? { at: 'anchor' },
    gate: facts.gate ?? null,
    left: facts.left ?? 'word',
    reach: facts.reach ?? 512,
    example: facts.example,
  };
}

function common(
  family: string,
  facts: Facts,
  defaults: Pick<Rule, 'confidence' | 'strong' | 'severity'>,
): Pick<Rule, 'id' | 'title' | 'family' | 'validator' | 'severity' | 'confidence' | 'strong' | 'references'> {
  return {
    id: facts.id,
    title: facts.title,
    family,
    validator: facts.validator ?? 'none',
    severity: facts.severity ?? defaults.severity,
    confidence: facts.confidence ?? defaults.confidence,
    strong: facts.strong ?? defaults.strong,
    references: facts.references ?? [],
  };
}

/** Rejects more characters of the last run, and any other letter or digit. */
function rightBoundary(shape: Shape): string {
  const last = shape.at(-1);
  const rest =
    last === undefined || typeof last === 'string' ? '' : last.alphabet.set.replaceAll(/\w-\w/g, '');
  return `(?![A-Za-z0-9${rest}])`;
}

/** Returns a gate for the run after the prefix. */
function gateOf(shape: Shape): Gate | null {
  const first = shape[0];
  if (first === undefined || typeof first === 'string' || first.min === 0) return null;
  return { kind: 'after', set: first.alphabet.set, min: first.min };
}

function shapeReach(shape: Shape): number {
  return shape.reduce((sum, piece) => sum + (typeof piece === 'string' ? piece.length : piece.max), 0);
}

/** A token rule in one row: id, title, prefix, shape, reference, and further properties. */
export type TokenRow = readonly [
  id: string,
  title: string,
  prefix: string | readonly string[],
  shape: Shape,
  reference: string,
  more?: Partial<TokenFacts>,
];

/** Returns the rules of a table of token rules. */
export function tokens(family: string, rows: readonly TokenRow[]): Rule[] {
  return rows.map(([id, title, prefix, shape, reference, more]) =>
    token(family, { id, title, prefix, shape, references: [reference], ...more }),
  );
}

/** A named token rule in one row: id, title, words, suffix of the name in the example, shape, reference. */
export type NamedRow = readonly [
  id: string,
  title: string,
  words: readonly string[],
  suffix: string,
  shape: Shape,
  reference: string,
  more?: Partial<NamedFacts>,
];

/** Returns the rules of a table of named token rules. */
export function namedTokens(family: string, rows: readonly NamedRow[]): Rule[] {
  return rows.map(([id, title, words, suffix, shape, reference, more]) =>
    named(family, { id, title, words, suffix, shape, references: [reference], ...more }),
  );
}
