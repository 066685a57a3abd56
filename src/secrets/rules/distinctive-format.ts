import { hasGroup } from '../rule.ts';
import { RULES } from './catalogue.ts';

/** Fixed texts of each rule with a distinctive format, by rule id. A value contains one of them. */
const FIXED_TEXTS: ReadonlyMap<string, readonly string[]> = new Map(
  RULES.filter(({ pattern, strong }) => strong && !hasGroup(pattern)).map(({ anchors, id }) => [
    id,
    anchors.map(({ text }) => text),
  ]),
);

/** The fixed texts of the rules whose values begin with such a text. */
const PREFIXES: ReadonlyMap<string, readonly string[]> = new Map(
  RULES.filter(({ id, start }) => FIXED_TEXTS.has(id) && start.at === 'anchor').map(({ anchors, id }) => [
    id,
    anchors.map(({ text }) => text),
  ]),
);

/** Reports whether a rule recognizes its values by their format alone, without any context. */
export function hasDistinctiveFormat(rule: string): boolean {
  return FIXED_TEXTS.has(rule);
}

/** Returns the prefixes of a rule's values; empty if they have no fixed prefix. */
export function prefixesOf(rule: string): readonly string[] {
  return PREFIXES.get(rule) ?? [];
}

/**
 * Returns how many bytes of a value its issuer chose at random: its length without the text that all tokens
 * of its kind share. Null for a rule that recognizes a value by its context.
 * @param rule id of the rule that found it
 */
export function bytesIssued(rule: string, value: Uint8Array): number | null {
  const fixed = FIXED_TEXTS.get(rule);
  if (fixed === undefined) return null;
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const shared = fixed.filter((text) => bytes.includes(text)).map(({ length }) => length);
  return value.length - Math.max(0, ...shared);
}
