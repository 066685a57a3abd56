import { FileScanner } from './file-scanner.ts';
import { Matcher } from '../match/matcher.ts';
import type { RawHit } from '../raw-hit.ts';
import type { Rule } from '../rule.ts';
import { RULES } from '../rules/catalogue.ts';

const scanners = new WeakMap<readonly Rule[], FileScanner>();

/** How a text is read in addition to the rules: as shell commands, as `NAME=value`, or not at all. */
export type TextKind = 'commands' | 'variables' | 'text';

const PATHS: Readonly<Record<TextKind, string | null>> = {
  commands: '/.bash_history',
  variables: '/.env',
  text: null,
};

/**
 * Returns the hits in a short text, on this thread.
 * @param bytes UTF-8
 * @param rules pass the same array each time: its scanner is cached
 */
export function scanText(bytes: Uint8Array, kind: TextKind, rules: readonly Rule[] = RULES): RawHit[] {
  return scanContent(bytes, PATHS[kind], rules);
}

/**
 * Returns the hits in a file's content or a piece of it, on this thread.
 * @param path selects a reader in addition to the rules; null for none
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
