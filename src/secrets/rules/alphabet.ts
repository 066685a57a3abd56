/** The character set of a token. */
export interface Alphabet {
  /** The inside of a character class. */
  readonly set: string;
  readonly characters: string;
}

const digits = '0123456789';
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const lower = 'abcdefghijklmnopqrstuvwxyz';

export const DIGITS: Alphabet = { set: '0-9', characters: digits };
export const HEX: Alphabet = { set: '0-9a-f', characters: `${digits}abcdef` };
export const UPPER: Alphabet = { set: 'A-Z0-9', characters: `${digits}${upper}` };
export const LOWER: Alphabet = { set: 'a-z0-9', characters: `${digits}${lower}` };
/** In the digit order of GitHub's and npm's checksums. */
export const BASE62: Alphabet = { set: '0-9A-Za-z', characters: `${digits}${upper}${lower}` };
/** RFC 4648 §6. */
export const BASE32: Alphabet = { set: 'A-Z2-7', characters: `${upper}234567` };
/** RFC 4648 §4, without padding. */
export const BASE64: Alphabet = { set: 'A-Za-z0-9+/', characters: `${upper}${lower}${digits}+/` };
/** RFC 4648 §5, without padding. */
export const BASE64URL: Alphabet = { set: 'A-Za-z0-9_-', characters: `${upper}${lower}${digits}-_` };
/** Letters, digits and the underscore. */
export const WORD: Alphabet = { set: 'A-Za-z0-9_', characters: `${digits}${upper}${lower}_` };
