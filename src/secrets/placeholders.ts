import { entropy } from './entropy.ts';

/*
 * Values that give no access: examples from documentation, templates, and words used in place of a password.
 * They are recognized by their form, so no file of this project contains one that looks real.
 */

const MAX_SAMPLE = 512;

/** Variables and slots of templates, and expressions in place of a value. */
const TEMPLATES: readonly RegExp[] = [
  /^\$[A-Za-z_]\w*$|\$\{[^}]*\}?|\$\([^)]*\)?/,
  /\{\{.*\}\}|\{%.*%\}|^\{[\w.\- ]*\}$/,
  /^<.*>$|^\[.*\]$|^%.*%$|^#\{.*\}$|^__\w+__$|^@\w+@$/,
  /%\(?\w*\)?[sd]\b|^%[a-z]$|%v$/,
  /\.{3}|\u2026|^\*+$/,
  // A call that fetches the value: getenv("X").
  /^[A-Za-z_][\w.]*\([^()]*\)$/,
  // A regular expression.
  /\[[^\]]*\w-\w[^\]]*\]|\(\?[:=!<]|\\[wdsSD]|\.[*+]/,
];

const WORDS_INSIDE =
  /example|changeme|change[-_ .]?(?:me|this|it)|placeholder|redacted|your[-_ .]?(?:\w+[-_ .]?)?(?:key|token|secret|pass|api|user|client|account|here)|^your[-_]|my[-_]?(?:secret|password|token|api|key)|replace[-_ .]?(?:me|this|with)|insert[-_ .]|dummy|foobar|not[-_ ]?(?:(?:a|my|the)[-_ ]?)?(?:real|secret|valid)|(?:^|[-_])fake(?:$|[-_])|(?:^|[-_])sample|put[-_ .]?your|enter[-_ .]?your|to[-_ ]?do$|^todo|deadbeef|lorem|masked|censored|hidden|notset|unset|^some[-_]/i;

const WHOLE_WORDS = new Set(
  (
    'password passwd pass pwd secret token key apikey admin root user username guest test tests testing testpass ' +
    'testpassword test123 demo default none null nil undefined true false yes no empty string str text value abc abcd ' +
    'abc123 abcdef qwerty letmein hunter2 hunter12 postgres mysql oracle mongo mongodb redis rabbitmq pass123 ' +
    'password1 password12 password123 passw0rd p4ssw0rd p@ssw0rd p@ssword secret123 secretpassword secretkey ' +
    'supersecret topsecret mypass mypassword mysecret mytoken foo bar baz foobar blah hello world x y z xxx required ' +
    'optional prompt ask env vault file anonymous public private internal bearer basic digest oauth oauth2 s3cr3t ' +
    's3cret shhh sesame opensesame joshua welcome bob alice toor changeit keyboardcat hackme pw userpass user1 pass1 ' +
    'mypass123 secretpass sekret sekrit s3kr1t unused ignored ignore disabled enabled invalid wrong incorrect bogus'
  ).split(' '),
);

/** Returns the reason why a value is a placeholder, or null for a value that may be real. */
export function placeholderReason(value: string): string | null {
  // Patterns that match both ends take quadratic time; the start of a value is enough to recognize its form.
  const trimmed = value.slice(0, MAX_SAMPLE).trim();
  if (trimmed === '') return 'empty';
  if (TEMPLATES.some((pattern) => pattern.test(trimmed))) return 'template variable';
  if (WHOLE_WORDS.has(trimmed.toLowerCase())) return 'common placeholder word';
  const inside = WORDS_INSIDE.exec(trimmed);
  if (inside !== null) return `contains the word "${inside[0].toLowerCase()}"`;
  if (/^(.)\1*$/.test(trimmed) || /(.)\1{7}/.test(trimmed)) return 'one repeated character';
  if (/^([\w-]{2,8})\1{2,}$/.test(trimmed)) return 'one repeated short text';
  if (/^(?:x{3,}|\*{3,}|0{4,}|-{3,}|_{3,})|(?:x{5,}|X{5,}|\*{3,})/.test(trimmed))
    return 'filled with x, * or similar';
  if (sequential(trimmed)) return 'sequential characters';
  if (trimmed.length >= 16 && entropy(trimmed) < 2) return 'too few different characters';
  return null;
}

/**
 * Returns the reason why a value is a known example, or null. Issuers mark their documentation examples in a
 * way that they never use for real credentials.
 */
export function knownExampleReason(value: string): string | null {
  if (/EXAMPLE(?:KEY)?$/.test(value)) return 'ends in EXAMPLE: a documentation example';
  return null;
}

/**
 * Reports whether a host is reserved for documentation and tests: `example.com`, `.net`, `.org` and their
 * subdomains, and names below `example`, `test` and `invalid` (RFC 2606, RFC 6761). `localhost` is not
 * reserved: a password for a service on it is real.
 * @param host may include a port
 */
export function reservedHost(host: string): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
  return /(?:^|\.)example\.(?:com|net|org)$|\.(?:example|test|invalid)$/.test(name);
}

/**
 * Reports whether a text has at least eight consecutive characters that count up or down, such as 12345678.
 */
function sequential(text: string): boolean {
  let up = 1;
  let down = 1;
  for (let at = 1; at < text.length; at++) {
    const step = text.charCodeAt(at) - text.charCodeAt(at - 1);
    up = step === 1 ? up + 1 : 1;
    down = step === -1 ? down + 1 : 1;
    // Digits may wrap around from nine to zero.
    if (up >= 8 || down >= 8) return true;
  }
  return /^(?:0?1234567(?:89?0?)?|9876543210?)+$/.test(text);
}
