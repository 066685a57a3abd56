import type { Confidence } from '../../finding/finding.ts';
import { byteSet, gateTest, type GateTest } from '../gate.ts';
import { knownExampleReason } from '../placeholders.ts';
import type { RawHit } from '../raw-hit.ts';
import { type Anchor, hasGroup, type Rule } from '../rule.ts';
import type { Candidate, Judgement } from '../validators/candidate.ts';
import { VALIDATORS } from '../validators/registry.ts';
import { type AnchorFinder, automatonFinder, SCAN_CAPACITY } from './anchor-scanner.ts';
import { buildAutomaton } from './automaton.ts';
import { base64Anchors, decodeRunAt } from './base64-run.ts';
import { startsHere } from './boundary.ts';
import { resolveOverlaps } from './overlaps.ts';
import { shortFinder } from './short-finder.ts';

/** Number of bytes before the end of an anchor that a rule or its validator may read. */
export const LOOK_BACK = 4096;
/** Number of bytes after it. Enough for a PEM key of 8,192 bits. */
export const LOOK_AHEAD = 8192;
/** A zero byte in so many leading bytes makes a content binary, as in git. */
export const BINARY_HEAD = 8000;

interface ReadyRule {
  readonly pattern: RegExp;
  readonly gate: GateTest | null;
  readonly over: Uint8Array | null;
}

/** A rule that is compiled at the first hit of its anchors: most rules have none in an image. */
class CompiledRule {
  readonly rule: Rule;
  #ready: ReadyRule | null = null;

  constructor(rule: Rule) {
    this.rule = rule;
  }

  get ready(): ReadyRule {
    return (this.#ready ??= compile(this.rule));
  }
}

/** A window of a content in memory. */
export interface View {
  readonly bytes: Uint8Array;
  /** Range of the content's bytes in `bytes`: [low, high). */
  readonly low: number;
  readonly high: number;
  /** Offset in the content of `bytes[0]`. */
  readonly base: number;
  readonly binary: boolean;
}

/** Searches contents for anchors and checks what it finds. */
export interface ContentMatcher {
  readonly finder: AnchorFinder;
  /** Returns the hits in a content that is completely in memory. */
  matchWhole(bytes: Uint8Array, which?: 'all' | 'strong'): RawHit[];
  /**
   * Checks a position that the finder reported.
   * @param last index into `view.bytes`
   * @param hits receives the hits, with offsets in the content and without line numbers
   */
  check(view: View, last: number, state: number, hits: RawHit[]): void;
  /** Sorts the hits of a content and removes duplicates. */
  resolve(hits: readonly RawHit[]): RawHit[];
}

/** Runs a matcher over a content that is completely in memory. */
export function matchWhole(matcher: ContentMatcher, bytes: Uint8Array, binary = true): RawHit[] {
  const view: View = { bytes, low: 0, high: bytes.length, base: 0, binary };
  const hits: RawHit[] = [];
  for (let from = 0; from < bytes.length; from += SCAN_CAPACITY) {
    const to = Math.min(bytes.length, from + SCAN_CAPACITY);
    matcher.finder.scanner.scan(bytes, from, to, (last, state) => matcher.check(view, last, state, hits));
  }
  return matcher.resolve(hits);
}

export interface MatcherOptions {
  /** The time to check expiry against, in milliseconds since 1970. */
  readonly now?: number;
  /** For a few short texts: prefer a fast setup to a fast scan. */
  readonly short?: boolean;
}

/**
 * Matches rules against bytes. Each anchor is checked with at most {@link LOOK_BACK} bytes before and {@link
 * LOOK_AHEAD} bytes after it, regardless of window edges. So a content has the same findings however it is
 * split into pieces.
 */
export class Matcher implements ContentMatcher {
  readonly finder: AnchorFinder;
  #decodedFinder: AnchorFinder | null = null;
  readonly #anchors: readonly Anchor[];
  /** Rules of each anchor. Anchors from `#plainAnchors` on are base64 encodings. */
  readonly #rulesOf: readonly (readonly CompiledRule[])[];
  readonly #strongOf: readonly (readonly CompiledRule[])[];
  readonly #plainAnchors: number;
  readonly #base64Phase: readonly number[];
  readonly #order: ReadonlyMap<string, number>;
  readonly #now: number;

  constructor(rules: readonly Rule[], options: MatcherOptions = {}) {
    this.#now = options.now ?? Date.now();
    this.#order = new Map(rules.map(({ id }, index) => [id, index]));
    const byAnchor = new Map<string, { anchor: Anchor; rules: CompiledRule[] }>();
    for (const rule of rules) {
      const compiled = new CompiledRule(rule);
      for (const anchor of rule.anchors) {
        const key = `${anchor.ignoreCase === true ? 'i' : 'x'}${anchor.ignoreCase === true ? anchor.text.toLowerCase() : anchor.text}`;
        const entry = byAnchor.get(key) ?? { anchor, rules: [] };
        entry.rules.push(compiled);
        byAnchor.set(key, entry);
      }
    }
    const entries = [...byAnchor.values()];
    const encoded = base64Anchors(rules);
    this.#plainAnchors = entries.length;
    this.#base64Phase = encoded.map(({ phase }) => phase);
    this.#anchors = [...entries.map(({ anchor }) => anchor), ...encoded.map(({ text }) => ({ text }))];
    this.#rulesOf = entries.map((entry) => entry.rules);
    this.#strongOf = entries.map((entry) => entry.rules.filter(({ rule }) => rule.strong));
    this.finder =
      options.short === true ? shortFinder(this.#anchors) : automatonFinder(buildAutomaton(this.#anchors));
  }

  /**
   * Returns the hits in a content that is completely in memory, only the best one of those that overlap.
   * @param which `strong` for only the rules with a distinctive format, as in binary content
   */
  matchWhole(bytes: Uint8Array, which: 'all' | 'strong' = 'all'): RawHit[] {
    return matchWhole(this, bytes, which === 'strong' || bytes.subarray(0, BINARY_HEAD).includes(0));
  }

  /** Keeps one of the hits that overlap. */
  resolve(hits: readonly RawHit[]): RawHit[] {
    return resolveOverlaps(hits, this.#order);
  }

  /**
   * Tries the rules whose anchor ends at `last`.
   * @param last index into `view.bytes`
   * @param hits receives the hits, with offsets in the content and without line numbers
   */
  check(view: View, last: number, state: number, hits: RawHit[]): void {
    for (const index of this.finder.outputs(state)) {
      if (index >= this.#plainAnchors) {
        this.#checkEncoded(view, last, index, hits);
        continue;
      }
      const rules = (view.binary ? this.#strongOf : this.#rulesOf)[index]!;
      const length = this.#anchors[index]!.text.length;
      for (const compiled of rules) {
        const hit = this.#tryRule(compiled, view, last - length + 1, last + 1);
        if (hit !== null) hits.push(hit);
      }
    }
  }

  #tryRule(compiled: CompiledRule, view: View, start: number, end: number): RawHit | null {
    const { rule } = compiled;
    const { gate, over, pattern } = compiled.ready;
    const { bytes } = view;
    const low = Math.max(view.low, end - LOOK_BACK);
    const high = Math.min(view.high, end + LOOK_AHEAD);
    let at = start;
    if (rule.start.at === 'before') at -= rule.start.bytes;
    else if (rule.start.at === 'back') {
      const stop = Math.max(low, start - rule.start.max);
      while (at > stop && over![bytes[at - 1]!] === 1) at--;
    }
    if (at < low || !startsHere(bytes, at, low, rule.left)) return null;
    if (gate !== null && !gate(bytes, start, end, low, high)) return null;
    if (rule.start.at === 'after') at = end;
    const text = latin1(bytes, at, Math.min(high, at + rule.reach));
    pattern.lastIndex = 0;
    const match = pattern.exec(text);
    if (match === null) return null;
    const [from, to] = valueRange(match);
    const candidate: Candidate = {
      rule,
      value: text.slice(from, to),
      whole: match[0],
      before: (count) => latin1(bytes, Math.max(low, start - count), rule.start.at === 'after' ? end : at),
      from: (count) => latin1(bytes, at, Math.min(high, at + count)),
      now: this.#now,
    };
    const judgement = judge(candidate);
    return judgement === null ? null : toHit(rule, candidate, judgement, view.base + at, from, to);
  }

  /** Decodes base64 that contains an anchor, and checks the decoded bytes. */
  #checkEncoded(view: View, last: number, index: number, hits: RawHit[]): void {
    const length = this.#anchors[index]!.text.length;
    const low = Math.max(view.low, last - LOOK_BACK);
    const high = Math.min(view.high, last + LOOK_AHEAD);
    const phase = this.#base64Phase[index - this.#plainAnchors]!;
    const run = decodeRunAt(view.bytes, last - length + 1, phase, low, high);
    if (run === null) return;
    const inner: View = { bytes: run.bytes, low: 0, high: run.bytes.length, base: 0, binary: !run.text };
    const found: RawHit[] = [];
    const finder = (this.#decodedFinder ??= shortFinder(this.#anchors.slice(0, this.#plainAnchors)));
    finder.scanner.scan(run.bytes, run.anchorAt, run.anchorEnd, (place, state) => {
      this.#checkPlain(inner, place, finder.outputs(state), found);
    });
    for (const hit of found) {
      const start = view.base + run.start + Math.floor((hit.start * 4) / 3);
      const end = view.base + Math.min(run.end, run.start + Math.ceil((hit.end * 4) / 3));
      hits.push({ ...hit, start, end, via: 'base64' });
    }
  }

  /** Like {@link check}, for decoded bytes. Base64 inside base64 is not decoded. */
  #checkPlain(view: View, last: number, outputs: readonly number[], hits: RawHit[]): void {
    for (const index of outputs) {
      const length = this.#anchors[index]!.text.length;
      for (const compiled of this.#strongOf[index]!) {
        const hit = this.#tryRule(compiled, view, last - length + 1, last + 1);
        if (hit !== null) hits.push(hit);
      }
    }
  }
}

/** Checks for documentation examples before validating the value. */
function judge(candidate: Candidate): Judgement | null {
  const reason = knownExampleReason(candidate.value);
  if (reason !== null) return { verdict: 'known-example', reason };
  return VALIDATORS[candidate.rule.validator](candidate);
}

function compile(rule: Rule): ReadyRule {
  return {
    pattern: new RegExp(rule.pattern, hasGroup(rule.pattern) ? 'dy' : 'y'),
    gate: gateTest(rule.gate),
    over: rule.start.at === 'back' ? byteSet(rule.start.over) : null,
  };
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, to - from)).toString('latin1');
}

/** Returns the range of the first group that matched, or else of the match. */
function valueRange(match: RegExpExecArray): [number, number] {
  for (const range of match.indices?.slice(1) ?? []) if (range !== undefined) return range;
  return [0, match[0].length];
}

const RAISED: Readonly<Record<Confidence, Confidence>> = { low: 'medium', medium: 'high', high: 'high' };

function confidenceOf(rule: Rule, judgement: Judgement): Confidence {
  if (judgement.confidence !== undefined) return judgement.confidence;
  if (judgement.verdict === 'checksum-valid') return 'high';
  return judgement.verdict === 'structure-valid' ? RAISED[rule.confidence] : rule.confidence;
}

function tierOf(rule: Rule): RawHit['tier'] {
  if (rule.family === 'assignments') return 2;
  return rule.strong ? 0 : 1;
}

function toHit(
  rule: Rule,
  candidate: Candidate,
  judgement: Judgement,
  base: number,
  from: number,
  to: number,
): RawHit {
  const { start, end } = judgement.span ?? { start: from, end: to };
  const decoded = judgement.value;
  return {
    rule: rule.id,
    title: rule.title,
    start: base + start,
    end: base + end,
    line: null,
    value: Buffer.from(decoded ?? candidate.value, decoded === undefined ? 'latin1' : 'utf8'),
    verdict: judgement.verdict,
    reason: judgement.reason ?? null,
    severity: judgement.severity ?? rule.severity,
    confidence: confidenceOf(rule, judgement),
    via: null,
    details: judgement.details ?? {},
    tier: tierOf(rule),
  };
}
