import { FileScanner } from './file-scanner.ts';
import { Matcher } from './matcher.ts';
import type { RawHit } from './raw-hit.ts';
import { RULES } from './rules/catalogue.ts';

let scanner: FileScanner | null = null;

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
 */
export function scanText(bytes: Uint8Array, kind: TextKind): RawHit[] {
  scanner ??= new FileScanner(new Matcher(RULES, { short: true }));
  scanner.begin(PATHS[kind]);
  scanner.feed(bytes);
  return scanner.end();
}
