import { FileScanner } from './file-scanner.ts';
import { Matcher } from '../match/matcher.ts';
import type { RawHit } from '../raw-hit.ts';
import type { Rule } from '../rule.ts';
import { RULES } from '../rules/catalogue.ts';

const scanners = new WeakMap<readonly Rule[], FileScanner>();

/** By what a text is read beside the rules: as shell commands, as `NAME=value`, or not at all. */
export type TextKind = 'commands' | 'variables' | 'text';

const PATHS: Readonly<Record<TextKind, string | null>> = {
  commands: '/.bash_history',
  variables: '/.env',
  text: null,
};

/**
 * Everything that a short text holds, on this thread.
 * @param bytes UTF-8
 * @param rules the same list each time: what is made of it is kept
 */
export function scanText(bytes: Uint8Array, kind: TextKind, rules: readonly Rule[] = RULES): RawHit[] {
  return scanContent(bytes, PATHS[kind], rules);
}

/**
 * The same for a file's content, or a piece of it.
 * @param path decides which reader looks at it beside the rules; null for none
 */
export function scanContent(
  bytes: Uint8Array,
  path: string | null,
  rules: readonly Rule[] = RULES,
): RawHit[] {
  const scanner = scanners.get(rules) ?? new FileScanner(new Matcher(rules, { short: true }));
  scanners.set(rules, scanner);
  scanner.begin(path);
  scanner.feed(bytes);
  return scanner.end();
}
