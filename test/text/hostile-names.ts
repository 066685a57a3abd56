import * as fc from 'fast-check';

const ESC = '\u001b';
const FAMILY = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}';

/** Names that an attacker may use in an image, and their escaped form. */
export const hostileNames: readonly (readonly [what: string, name: string, shown: string])[] = [
  ['bidi override', 'evil\u202egnp.exe', String.raw`evil\u{202e}gnp.exe`],
  ['bidi isolate', 'a\u2066b\u2069', String.raw`a\u{2066}b\u{2069}`],
  ['Arabic letter mark', 'a\u061cb', String.raw`a\u{61c}b`],
  ['zero-width space and joiner', 'pass\u200bw\u200dd', String.raw`pass\u{200b}w\u{200d}d`],
  ['soft hyphen', 'a\u00adb', String.raw`a\u{ad}b`],
  ['byte order mark', '\ufeffa', String.raw`\u{feff}a`],
  ['OSC 8 link', `${ESC}]8;;http://x${ESC}\\y`, String.raw`\x1b]8;;http://x\x1b\\y`],
  ['unterminated OSC', `a${ESC}]0;title`, String.raw`a\x1b]0;title`],
  ['SGR conceal', `a${ESC}[8mhidden`, String.raw`a\x1b[8mhidden`],
  ['C1 CSI', 'a\u009b8mb', String.raw`a\u{9b}8mb`],
  ['newline and tab', 'a\nb\tc\rd', String.raw`a\x0ab\x09c\x0dd`],
  ['NUL and DEL', 'a\0b\u007f', String.raw`a\x00b\x7f`],
  ['line and paragraph separators', 'a\u2028b\u2029c', String.raw`a\u{2028}b\u{2029}c`],
  ['lone high surrogate', 'a\ud800b', String.raw`a\u{d800}b`],
  ['lone low surrogate', 'a\udfffb', String.raw`a\u{dfff}b`],
  ['byte that is not UTF-8', 'a\udcffb', String.raw`a\xffb`],
  ['noncharacters', 'a\uffffb\u{1fffe}', String.raw`a\u{ffff}b\u{1fffe}`],
  ['tag characters', 'a\u{e0041}b', String.raw`a\u{e0041}b`],
  ['Hangul filler', 'a\u3164b\u115f', String.raw`a\u{3164}b\u{115f}`],
  ['variation selector on a letter', 'a\ufe0fb\u{e0100}', String.raw`a\u{fe0f}b\u{e0100}`],
  ['variation selector on a digit', 'file1\ufe0f', String.raw`file1\u{fe0f}`],
  ['forged escape', String.raw`a\u{202e}b\x1b`, String.raw`a\\u{202e}b\\x1b`],
  ['emoji family', FAMILY, String.raw`${'\u{1f468}'}\u{200d}${'\u{1f469}'}\u{200d}${'\u{1f467}'}`],
  ['mark on a slash', '/\u0301etc', String.raw`/\u{301}etc`],
  ['mark at the start', '\u0301a', String.raw`\u{301}a`],
  ['mark on an escape', '\u202e\u0301', String.raw`\u{202e}\u{301}`],
  ['pile of marks', `a${'\u0301'.repeat(6)}b`, `a${'\u0301'.repeat(4)}${String.raw`\u{301}\u{301}`}b`],
];

/** Names, most of them outside ASCII, that are not deceptive. */
export const harmlessNames: readonly (readonly [what: string, name: string])[] = [
  ['ASCII', 'id_rsa (copy).txt~'],
  ['empty', ''],
  ['CJK', '\u65e5\u672c\u8a9e\u30d5\u30a1\u30a4\u30eb.txt'],
  ['Hangul', '\ud55c\uad6d\uc5b4'],
  ['Hebrew', '\u05e9\u05dc\u05d5\u05dd'],
  ['Devanagari', '\u0939\u093f\u0928\u094d\u0926\u0940'],
  ['combining accent', 'e\u0301te\u0301'],
  ['emoji', '\u{1f600}\u{1f680}'],
  ['skin tone', '\u{1f44d}\u{1f3fd}'],
  ['flag', '\u{1f1ea}\u{1f1f8}'],
  ['emoji selector on a heart', '\u2764\ufe0f'],
  ['keycap', '1\ufe0f\u20e3'],
];

/** Arbitrary text with many deceptive characters: lone surrogates, controls, escapes, emoji. */
export const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(...hostileNames.map(([, name]) => name), ...harmlessNames.map(([, name]) => name)),
      fc.constantFrom('\\', '\\x', '\\u{', '}', '\ud83d', '\ude00', '\udc80', '\udcff', '\ufe0f', '\u20e3'),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
