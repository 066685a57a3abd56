import { buildAutomaton, LINE } from '../match/automaton.ts';

/** Every path that has a reader holds one of these, in letters of either case. */
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
 * Tells by the bytes [start, end) of a name, before any text is made of them, whether a reader may know such
 * files: of hundreds of thousands nearly none does.
 */
export function mayHaveReader(bytes: Uint8Array, start: number, end: number): boolean {
  let state = 0;
  for (let at = start; at < end; at++) {
    state = table[state * LINE + columns[bytes[at]!]!]!;
    if (state >= firstOutput) return true;
  }
  return false;
}
