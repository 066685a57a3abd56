/*
 * Decides from a name alone whether its value is a secret. The assignment rules, the reader of environment
 * files, the masker and the posture check all use this module, so that they agree.
 */

const listed = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** A name with one of these words names a secret, unless a word of {@link ABOUT} follows. */
const STRONG =
  /^(?:passwords?|passwds?|passphrases?|passcodes?|pwd|pword|secrets?|tokens?|credentials?|creds?|apikeys?)$/;
/** The same words at the end of a word written without separators: `dbpassword`, `authtoken`. */
const STRONG_ENDING =
  /(?:password|passwd|passphrase|pwd|secret|token|credential|(?:api|access|secret|private|auth|account|master|signing|encryption)key)s?$/;
/** These name a secret only as the last word of a name: `KEYBOARD`, `KEY_CODE` and `AUTH_MODE` do not. */
const WEAK = listed('key keys auth pass pw salt dsn');
const WEAK_ENDING = /pass$/;
const NOT_PASS = listed('bypass compass encompass overpass surpass trespass underpass');

/** Kinds of keys that are not secret. */
const OPEN_KEYS = listed(
  'public pub publishable site sort sorting partition shard range primary foreign candidate composite natural ' +
    'surrogate unique index cache lookup routing object map dict row column field group grouping hot shortcut ' +
    'arrow modifier idempotency translation i18n message label metadata meta tag annotation topic event flag ' +
    'option param query attribute',
);
/** Kinds of tokens that are not secret: tokens of language models and pagination tokens. */
const OPEN_TOKENS = listed('public pad eos bos unk sep cls mask next page continuation cancellation');

/** After the word for a secret, these say that the value describes the secret or where it is stored. */
const ABOUT = listed(
  'file files filename path paths url urls uri uris id ids name names version dir directory folder location ' +
    'type types length len size count limit index min max expiry expires expire expired expiration exp ttl age ' +
    'lifetime duration timeout rotation interval period days hours minutes seconds secs ms per minute second hour ' +
    'day label field fields hint format pattern regex policy prompt header headers placeholder reset class kind ' +
    'state status error errors message messages msg text title description desc column table scope scopes ' +
    'endpoint issuer audience param params parameter parameters attr attribute option options callback handler ' +
    'manager provider providers service store storage cache require required requires enable enabled disable ' +
    'disabled allow allowed valid invalid validity validation validator validators verify verified verifier ' +
    'verification check checker confirm confirmation strength tokenizer ignored integrity digest checksum hash ' +
    'hashes hashed hasher hashers hashing algorithm algorithms alg algo encoding encoder encryption method methods ' +
    'mode backend backends engine sock socket host hostname port user username prefix suffix template generator ' +
    'factory rules requirements complexity changed updated created at authentication request requests response ' +
    'link page form view route screen button icon color map number region zone arn ref reference source namespace ' +
    'bucket window address symbol decimals contract usage used remaining total permissions permission public ' +
    'fingerprint keyring keyserver',
);
/** Anywhere before the word for a secret, these make the name a switch or a limit. */
const SWITCH = listed(
  'allow allows allowed require requires required enable enables enabled disable disables disabled min max num ' +
    'total ignored',
);
/** As the first word, these name a setting about a secret: whether or how it is used. */
const OPENING = listed('is has no use with without show hide skip force need needs must should');
/** As the only word before the word for a secret, these name a function or a text in a form. */
const SOLE = listed(
  'check verify valid validate confirm reset forgot invalid wrong missing error err label lbl field col column hint ' +
    'prompt placeholder regex pattern',
);
/** Trailing words that change nothing: the environment a value is for, and how it is encoded. */
const NEUTRAL = listed(
  'prod production dev devel development stage staging live test testing qa uat ci local default old new current ' +
    'previous prev backup main temp tmp value val string str raw plain plaintext base64 b64 hex encoded pem private',
);

/**
 * Splits a name into its words, in lower case, at `_`, `-`, dots, other punctuation and camelCase boundaries.
 * `DB_PASSWORD`, `db-password`, `db.password` and `dbPassword` all have the same two words.
 */
export function nameWords(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/(?<![a-z0-9])pass[^a-z0-9]?(word|phrase|code)/g, 'pass$1')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/**
 * Reports whether a name says that its value is a secret. The last significant words decide:
 * `REDIS_CACHE_PASSWORD` is a secret, `PASSWORD_MIN_LENGTH` and `SORT_KEY` are not.
 */
export function isSecretName(name: string): boolean {
  const words = significantWords(name);
  const last = words.at(-1);
  if (last === undefined) return false;
  if (isWeak(last) && !isOpen(words) && !isSwitch(words, words.length - 1)) return true;
  const noun = words.findLastIndex(isStrong);
  if (noun < 0 || words.slice(noun + 1).some((word) => ABOUT.has(word))) return false;
  return !isOpen(words.slice(0, noun + 1)) && !isSwitch(words, noun);
}

/** Returns the words up to the last one that is not neutral, without trailing digits. */
function significantWords(name: string): string[] {
  const words = nameWords(name);
  while (words.length > 0) {
    const last = words.at(-1)!;
    if (!NEUTRAL.has(last) && !/^\d+$/.test(last)) break;
    words.pop();
  }
  return words.map((word) => word.replace(/(?<=[a-z])\d+$/, ''));
}

function isStrong(word: string): boolean {
  return STRONG.test(word) || STRONG_ENDING.test(word);
}

function isWeak(word: string): boolean {
  return WEAK.has(word) || (WEAK_ENDING.test(word) && !NOT_PASS.has(word));
}

/** Reports whether the words name a public key or token. */
function isOpen(words: readonly string[]): boolean {
  const kind = words.at(-2) ?? '';
  const last = words.at(-1)!;
  const isPublic =
    words.includes('public') && !words.some((word) => /^(?:secret|private|pass\w*)$/.test(word));
  if (/^keys?$/.test(last)) return OPEN_KEYS.has(kind) || isPublic;
  if (/^tokens?$/.test(last)) return OPEN_TOKENS.has(kind) || isPublic;
  return /^apikeys?$/.test(last) && isPublic;
}

function isSwitch(words: readonly string[], noun: number): boolean {
  const before = words.slice(0, noun);
  const [first = ''] = before;
  return (
    before.some((word) => SWITCH.has(word)) || OPENING.has(first) || (before.length === 1 && SOLE.has(first))
  );
}

const OPENPGP = /^(?:gnupg|gpg|pgp)(?:keys?)?$/;
/** Hexadecimal digits of a short key id, a long key id, and version 3 and 4 fingerprints (RFC 4880 §12.2). */
const FINGERPRINT_DIGITS: ReadonlySet<number> = new Set([8, 16, 32, 40]);

/**
 * Reports whether a value is the public fingerprint or id of a key, as in `GPG_KEY` of the official Python
 * images. The value must be one or more of them in hexadecimal digits, and the name must contain GPG, PGP,
 * FINGERPRINT or KEY_ID.
 * @param value null if only the name is known; the name alone then decides
 */
export function isKeyFingerprint(name: string, value: string | null): boolean {
  const words = nameWords(name);
  if (words.some((word) => isStrong(word) || word === 'private' || (isWeak(word) && !/^keys?$/.test(word)))) {
    return false;
  }
  const isNamed = words.some(
    (word, i) =>
      OPENPGP.test(word) ||
      /^fingerprints?$/.test(word) ||
      /^keyids?$/.test(word) ||
      (/^keys?$/.test(word) && /^ids?$/.test(words[i + 1] ?? '')),
  );
  return isNamed && (value === null || isFingerprintList(value));
}

function isFingerprintList(value: string): boolean {
  const parts = value
    .trim()
    .split(/[\s,]+/)
    .map((part) => part.replace(/^0x/i, ''));
  if (!parts.every((part) => /^[0-9A-Fa-f]+$/.test(part))) return false;
  return (
    parts.every(({ length }) => FINGERPRINT_DIGITS.has(length)) ||
    FINGERPRINT_DIGITS.has(parts.join('').length)
  );
}
