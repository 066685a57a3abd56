import { hasGroup } from '../rule.ts';
import { RULES } from './catalogue.ts';

/** The texts of which each rule with a form of its own requires one, by the rule's id. */
const FIXED_TEXTS: ReadonlyMap<string, readonly string[]> = new Map(
  RULES.filter(({ pattern, strong }) => strong && !hasGroup(pattern)).map(({ anchors, id }) => [
    id,
    anchors.map(({ text }) => text),
  ]),
);

/** The same for the rules whose values begin with that text. */
const BEGINNINGS: ReadonlyMap<string, readonly string[]> = new Map(
  RULES.filter(({ id, start }) => FIXED_TEXTS.has(id) && start.at === 'anchor').map(({ anchors, id }) => [
    id,
    anchors.map(({ text }) => text),
  ]),
);

/** Reports whether a rule recognizes its values by their own form, not by what surrounds them. */
export function hasOwnForm(rule: string): boolean {
  return FIXED_TEXTS.has(rule);
}

/** The texts of which each value of a rule begins with one; none if the values of the rule begin with anything. */
export function beginningsOf(rule: string): readonly string[] {
  return BEGINNINGS.get(rule) ?? [];
}

/**
 * Returns how many bytes of a value its issuer chose at random: what is left of a token without the text
 * that all tokens of its kind share. Null for a rule that recognizes a value by what surrounds it.
 * @param rule id of the rule that found it
 */
export function bytesIssued(rule: string, value: Uint8Array): number | null {
  const fixed = FIXED_TEXTS.get(rule);
  if (fixed === undefined) return null;
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const shared = fixed.filter((text) => bytes.includes(text)).map(({ length }) => length);
  return value.length - Math.max(0, ...shared);
}
