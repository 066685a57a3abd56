/**
 * Words that make an assignment's name sound like a secret's. A name is taken apart at `_` and
 * `-`, so that MONKEY is no KEY.
 */
const SECRET_WORDS = new Set([
  'password',
  'passwd',
  'pass',
  'pwd',
  'pgpassword',
  'secret',
  'token',
  'key',
  'apikey',
  'credential',
  'credentials',
  'auth',
]);
/** Words that say that it is none after all. */
const HARMLESS_WORDS = new Set(['public', 'file', 'path', 'url', 'id', 'name', 'version', 'keyring']);

const ASSIGNMENT =
  /(?<![\w-])([A-Za-z_][A-Za-z0-9_-]*)=("(?:[^"\\]|\\.){1,4096}"|'[^']{1,4096}'|[^\s"';&|]{1,4096})/g;

/**
 * An instruction with the values of secret-sounding assignments covered, for people's eyes. The
 * mask tells the length. What a value is, is not looked at here.
 */
export function maskInstruction(text: string): string {
  return text.replace(ASSIGNMENT, (whole: string, name: string, value: string) => {
    if (!soundsSecret(name) || /^["']?\$/.test(value)) return whole;
    const quoted = /^["']/.test(value);
    const length = quoted ? value.length - 2 : value.length;
    return `${name}=${'*'.repeat(Math.min(6, length))}(${length})`;
  });
}

function soundsSecret(name: string): boolean {
  const words = name.toLowerCase().split(/[_-]/);
  return words.some((word) => SECRET_WORDS.has(word)) && !words.some((word) => HARMLESS_WORDS.has(word));
}
