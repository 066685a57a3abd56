import * as fc from 'fast-check';
import { anyText, hostileNames } from '../../text/hostile-names.ts';

/** Characters that join with their neighbours, each in a way of its own, and some that do not. */
const SIGNS = [
  ...'aZ09~ \n\r\t|-│─┴é漢字ひカ한글Ωя',
  ...[
    '\u0301',
    '\u200d',
    '\ufe0e',
    '\ufe0f',
    '\u20e3',
    '\u0600',
    '\u110bd',
    '\u0e33',
    '\u094d',
    '\u0915',
    '\u1100',
  ],
  ...[
    '\u1161',
    '\u11a8',
    '\u3099',
    '\uff9e',
    '\u00ad',
    '\u034f',
    '\u3164',
    '\u00a9',
    '\u2764',
    '\u00ae',
    '\u309b',
  ],
  ...['👩', '👩‍👩‍👧', '👍🏽', '🏽', '🇪🇸', '🇪', '\ud83d', '\udc00', '\u{16d63}', '\u{e0041}'],
];

/** Sequences of colours and attributes, whole and broken, and others. */
const SEQUENCES = [
  ...[
    '1',
    '22',
    '2',
    '9',
    '29',
    '38;5;81',
    '39',
    '48;2;1;2;3',
    '49',
    '7',
    '27',
    '0',
    '',
    '1;31',
    '38;5',
    ';',
    '58;5;1',
  ],
  ...['12345', '1;00001', '4:3', '?25'],
]
  .flatMap((codes) => [`\x1b[${codes}m`, `\x1b[${codes}`, `\x9b${codes}m`])
  .concat(
    '\x1b',
    '\x1b[',
    '\x1b[2K',
    '\x1b]0;title\x07',
    '\x1b]8;;http://x\x07',
    '\x1b]8;;\x1b\\',
    '\x1b]8;;y',
  );

/** Painted rows as the screen has them, and text that nobody should be able to put there. */
export const paintedText = fc.oneof(
  parts(fc.constantFrom(...'abc -~│─'), fc.constantFrom('\x1b[1m', '\x1b[22m', '\x1b[38;5;81m', '\x1b[39m')),
  parts(fc.constantFrom(...SIGNS), fc.constantFrom(...SEQUENCES)),
  parts(anyText, fc.constantFrom(...hostileNames.map(([, name]) => name)), fc.constantFrom(...SEQUENCES)),
);

function parts(...sorts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.array(fc.oneof(...sorts), { maxLength: 30 }).map((texts) => texts.join(''));
}
