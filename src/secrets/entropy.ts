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
export function wordLikeness(text: string): number {
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
