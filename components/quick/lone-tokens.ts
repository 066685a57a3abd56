import { tokenize as plainTokenize } from '../../node_modules/@alcalzone/ansi-tokenize/build/tokenize.js';
import { isLone } from './lone-signs.ts';
import { sequenceEnd } from './sgr.ts';

/** What ansi-tokenize divides a text into. */
export type Tokens = ReturnType<typeof plainTokenize>;
export type Token = Tokens[number];

const ESC = 0x1b;
/** Sequences of colours and attributes that were met, with what ansi-tokenize makes of them. */
const sequences = new Map<string, Tokens>();
const MOST_SEQUENCES = 2_000;
/** Tokens of signs, by their code. They are shared. */
const ascii: Token[] = [];
const others = new Map<number, Token>();

/**
 * As `tokenize` of ansi-tokenize, for a text of lone signs, colours and attributes: nearly every row is one,
 * and needs no segmenter.
 * @returns tokens that must not be changed; null for a text that has anything else
 */
export function loneTokens(text: string): Tokens | null {
  const tokens: Tokens = [];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (isLone(unit)) tokens.push(ascii[unit] ?? others.get(unit) ?? signToken(unit));
    else if (unit === ESC) {
      const end = sequenceEnd(text, index);
      if (end < 0) return null;
      for (const token of tokensOf(text.slice(index, end))) tokens.push(token);
      index = end - 1;
    } else return null;
  }
  return tokens;
}

function signToken(unit: number): Token {
  const token = plainTokenize(String.fromCharCode(unit))[0]!;
  if (unit < 0x80) ascii[unit] = token;
  else others.set(unit, token);
  return token;
}

function tokensOf(sequence: string): Tokens {
  let tokens = sequences.get(sequence);
  if (tokens === undefined) {
    if (sequences.size >= MOST_SEQUENCES) sequences.clear();
    sequences.set(sequence, (tokens = plainTokenize(sequence)));
  }
  return tokens;
}
