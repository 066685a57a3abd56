import { expect } from 'vitest';
import { githubToken } from '../../fixtures/canary.ts';
import { named } from '../../src/secrets/readers/file-name.ts';
import { Matcher } from '../../src/secrets/match/matcher.ts';
import { RULES } from '../../src/secrets/rules/catalogue.ts';
import { DeepScanner } from '../../src/secrets/unpack/deep-scanner.ts';

const matcher = new Matcher(RULES);

/** The token that is planted in and around packed files. */
export const token = githubToken('around');

/** Description of a token in the raw bytes of the file. */
export const HERE = 'line null, raw';

/** Returns the containers and line of every hit, with the file given in pieces. */
export function look(content: Buffer, piece: number, path = '/file'): string[] {
  const scanner = new DeepScanner(matcher);
  scanner.begin(named(path));
  for (let at = 0; at < content.length; at += piece) scanner.feed(content.subarray(at, at + piece));
  return scanner.end().map(({ hit, inside }) => {
    const isRaw = inside.length === 0 && content.toString('latin1', hit.start, hit.end) === token;
    return [...inside, `line ${hit.line}`, ...(isRaw ? ['raw'] : [])].join(', ');
  });
}

/** Asserts the hits in a file for several piece sizes. */
export function expectFound(content: Buffer, found: readonly string[], path?: string): void {
  for (const piece of [1, 600, 100_000]) {
    expect([piece, look(content, piece, path)]).toEqual([piece, found]);
  }
}
