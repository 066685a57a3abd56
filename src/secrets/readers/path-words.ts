import { buildAutomaton, LINE } from '../match/automaton.ts';

/** Every path with a reader contains one of these words, in either case. */
export const PATH_WORDS = [
  'npmrc',
  'netrc',
  'pypirc',
  '.cnf',
  'pass',
  'credential',
  'config',
  'dockercfg',
  'auth.json',
  'kube',
  '.env',
  '.tfstate',
  'shadow',
  'history',
  'histfile',
  'secret',
  'token',
  'key',
] as const;

const { columns, table, firstOutput } = buildAutomaton(
  PATH_WORDS.map((text) => ({ text, ignoreCase: true })),
);

/**
 * Reports whether a reader may exist for a name, by its bytes [start, end). Works on the bytes because nearly
 * none of hundreds of thousands of names has a reader.
 */
export function mayHaveReader(bytes: Uint8Array, start: number, end: number): boolean {
  let state = 0;
  for (let at = start; at < end; at++) {
    state = table[state * LINE + columns[bytes[at]!]!]!;
    if (state >= firstOutput) return true;
  }
  return false;
}
