/*
 * Is a text random, or is it words? Two measures that need no word list: the entropy of its characters,
 * and how many of its pairs of letters are pairs that English uses.
 */

const COMMON_PAIRS = new Set(
  (
    'th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng of al de se le sa si ar ve ra ' +
    'ld ur ro me ri li co ne ic io ma ss om ce el ec ta us ca la ll ho di ch tr pe wo no ac pr il so un sp pa po ' +
    'em ee ot ag am em ut id os wa we wi ad ay sh be ai ge mi rs ns ex do da na ni op ow bl ke ey su pl ul go fi ' +
    'ki ck ct cl cr fo fr gr ls lo ly mo mp mb nc nf nk nu oc od oo ol ov pt qu rd rk rm rn rt ry sc sk sl sm sw ' +
    'ub uc ue um up ap ab ev iv if ir im ie ig bo ba bi br bu cu du dr du eb ef eg ei ep eq fa fe fu ga gi gu ht ' +
    'ob oi ok rc rg ru sy tu ty ua ui va vi wn ws wh xt ys ye yp my by key usr'
  ).split(' '),
);

const LONGEST_LOOKED_AT = 512;

/** Shannon entropy in bits a character; 0 for an empty text. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** The share of neighbouring letters that are a common pair, from 0 to 1; 0 where there are none. */
function wordLikeness(text: string): number {
  let pairs = 0;
  let common = 0;
  for (const [run] of text.matchAll(/[A-Za-z]{2,}/g)) {
    // The hump of a camel begins a word: the pair across it says nothing.
    for (let at = 0; at + 1 < run.length; at++) {
      const pair = run.slice(at, at + 2);
      if (/[a-z][A-Z]/.test(pair)) continue;
      pairs++;
      if (COMMON_PAIRS.has(pair.toLowerCase())) common++;
    }
  }
  return pairs === 0 ? 0 : common / pairs;
}

/** How a value looks: chosen by a machine, chosen by a person as a password, or plain words. */
export type Texture = 'random' | 'password' | 'words';

/** Tells the texture of a value; thresholds were set on Debian's files and on generated passwords. */
export function texture(value: string): Texture {
  const text = value.slice(0, LONGEST_LOOKED_AT);
  const digits = text.replaceAll(/[^0-9]/g, '').length;
  const letters = text.replaceAll(/[^A-Za-z]/g, '').length;
  const lowerAndUpper = /[a-z]/.test(text) && /[A-Z]/.test(text);
  if (/^[0-9a-f]{16,}$|^[0-9A-F]{16,}$/.test(text)) {
    return digits > 0 && letters > 0 && entropy(text) >= 2.8 ? 'random' : 'words';
  }
  if (text.length >= 10 && entropy(text) >= 2.9) {
    const likeness = wordLikeness(text);
    if (digits >= 1 && letters >= 4 && likeness <= 0.5 && (lowerAndUpper || digits >= 3)) return 'random';
    if (lowerAndUpper && likeness <= 0.4 && humps(text) >= 4) return 'random';
    if (letters >= 12 && likeness <= 0.25) return 'random';
    // Words in camelCase change a third of the time at most; chance changes at every second letter.
    if (letters >= 24 && likeness <= 0.6 && humps(text) >= letters * 0.42) return 'random';
  }
  const special = /[^A-Za-z0-9_.\- /:]/.test(text);
  if (text.length >= 6 && letters > 0 && (special || digits > 0) && !/\s/.test(text)) return 'password';
  return 'words';
}

/** Changes between small and capital letters: few in camelCase, many in chance. */
function humps(text: string): number {
  return [...text.matchAll(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)].length;
}

/** 1 at 32 * first + second for each pair of letters that is common, letters as 1 to 26. */
const PAIR_TABLE = new Uint8Array(32 * 32);
for (const pair of COMMON_PAIRS) {
  if (pair.length === 2) PAIR_TABLE[32 * (pair.charCodeAt(0) & 31) + (pair.charCodeAt(1) & 31)] = 1;
}

const DIGIT = 1;
const LOWER = 2;
const UPPER = 3;
const KINDS = new Uint8Array(256).map((_, byte) => {
  if (byte >= 0x30 && byte <= 0x39) return DIGIT;
  if (byte >= 0x61 && byte <= 0x7a) return LOWER;
  return byte >= 0x41 && byte <= 0x5a ? UPPER : 0;
});

/**
 * Tells byte by byte whether what came so far may be random by {@link texture}: the same measures, but for the
 * entropy. Costs no more than a few steps a byte, where texture takes thousands.
 */
export class RunningTexture {
  #previous = 0;
  #kind = 0;
  #digits = 0;
  #lower = 0;
  #upper = 0;
  #pairs = 0;
  #common = 0;
  #humps = 0;
  /** Digits and the letters of hexadecimal numbers. */
  #hex = 0;
  #length = 0;

  reset(): void {
    this.#kind = this.#digits = this.#lower = this.#upper = 0;
    this.#pairs = this.#common = this.#humps = this.#hex = this.#length = 0;
  }

  add(byte: number): void {
    const kind = KINDS[byte]!;
    this.#length++;
    if (kind === DIGIT) {
      this.#digits++;
      this.#hex++;
    } else if (kind !== 0) {
      if (kind === LOWER) this.#lower++;
      else this.#upper++;
      if ((byte & 31) <= 6) this.#hex++;
      if (this.#kind > DIGIT) {
        if (kind !== this.#kind) this.#humps++;
        if (kind !== UPPER || this.#kind !== LOWER) {
          this.#pairs++;
          this.#common += PAIR_TABLE[32 * (this.#previous & 31) + (byte & 31)]!;
        }
      }
    }
    this.#kind = kind;
    this.#previous = byte;
  }

  /** Whether there were small and capital letters. */
  isMixed(): boolean {
    return this.#lower > 0 && this.#upper > 0;
  }

  /** False where {@link texture} says something else than `random`. */
  mayBeRandom(): boolean {
    const digits = this.#digits;
    const letters = this.#lower + this.#upper;
    if (this.#hex === this.#length && digits > 0 && letters > 0) return true;
    const likeness = this.#pairs === 0 ? 0 : this.#common / this.#pairs;
    const mixed = this.#lower > 0 && this.#upper > 0;
    return (
      (digits >= 1 && letters >= 4 && likeness <= 0.5 && (mixed || digits >= 3)) ||
      (mixed && likeness <= 0.4 && this.#humps >= 4) ||
      (letters >= 12 && likeness <= 0.25) ||
      (letters >= 24 && likeness <= 0.6 && this.#humps >= letters * 0.42)
    );
  }
}
