import { describe, expect, it } from 'vitest';
import {
  decodeName,
  encodeName,
  escapeBytes,
  escapeText,
  isSafe,
  splitEscaped,
  unescapeText,
} from '../../src/text/escape.ts';
import { fc } from '../property.ts';
import { anyText, harmlessNames, hostileNames } from './hostile-names.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('escapeText', () => {
  it.each(hostileNames)('escapes: %s', (_, name, shown) => {
    expect(escapeText(name)).toBe(shown);
    expect(isSafe(name)).toBe(false);
  });

  it.each(harmlessNames)('does not escape: %s', (_, name) => {
    expect(escapeText(name)).toBe(name);
    expect(isSafe(name)).toBe(true);
  });

  it('removes all controls, format characters and lone surrogates', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(escapeText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });

  it('returns different text for different names', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(escapeText(a) === escapeText(b)).toBe(a === b);
      }),
    );
  });

  it('keeps one emoji selector and escapes a second one', () => {
    expect(escapeText('\u2764\ufe0f\ufe0f')).toBe(`\u2764\ufe0f${String.raw`\u{fe0f}`}`);
  });
});

describe('unescapeText', () => {
  it.each(hostileNames)('unescapes: %s', (_, name, shown) => {
    expect(unescapeText(shown)).toBe(name);
  });

  it('reverses escapeText for any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(unescapeText(escapeText(text))).toBe(text);
      }),
    );
  });

  it('distinguishes a raw byte from the C1 control with the same number', () => {
    expect(unescapeText(String.raw`\x9b`)).toBe('\udc9b');
    expect(unescapeText(String.raw`\u{9b}`)).toBe('\u009b');
  });

  it('accepts hex digits in either case', () => {
    expect(unescapeText(String.raw`\u{202E}\x1B`)).toBe('\u202e\u001b');
  });

  it.each(['\\', '\\n', '\\x', '\\xg0', '\\u', '\\u{}', '\\u{110000}', '\\u{1234567}', '\\u202e'])(
    'leaves %s unchanged',
    (text) => {
      expect(unescapeText(text)).toBe(text);
    },
  );
});

describe('splitEscaped', () => {
  it('separates escapes from plain text', () => {
    expect(splitEscaped(escapeText('a\u202e\nb\\'))).toEqual([
      { text: 'a', escaped: false },
      { text: String.raw`\u{202e}\x0a`, escaped: true },
      { text: 'b', escaped: false },
      { text: '\\\\', escaped: true },
    ]);
  });

  it('returns one part for plain text and none for empty text', () => {
    expect(splitEscaped('plain')).toEqual([{ text: 'plain', escaped: false }]);
    expect(splitEscaped('')).toEqual([]);
  });

  it('returns the whole text, and every part that is not escaped is safe', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const escaped = escapeText(text);
        const parts = splitEscaped(escaped);
        expect(parts.map((part) => part.text).join('')).toBe(escaped);
        const plain = parts.filter((part) => !part.escaped);
        expect(plain.filter((part) => part.text === '' || part.text.includes('\\'))).toEqual([]);
      }),
    );
  });
});

describe('decodeName and encodeName', () => {
  it('decodes UTF-8 with a byte order mark', () => {
    expect(decodeName(bytes(0xef, 0xbb, 0xbf, 0xc3, 0xa9))).toEqual({ text: '\ufeff\u00e9', utf8: true });
  });

  it('keeps each byte that is not UTF-8', () => {
    expect(decodeName(bytes(0x61, 0xff, 0xc3, 0xa9, 0xc3))).toEqual({
      text: 'a\udcff\u00e9\udcc3',
      utf8: false,
    });
  });

  it.each([
    ['overlong slash', [0xc0, 0xaf]],
    ['overlong slash in three bytes', [0xe0, 0x80, 0xaf]],
    ['surrogate in UTF-8', [0xed, 0xa0, 0x80]],
    ['above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['lone continuation', [0x80]],
    ['truncated sequence', [0xf0, 0x9f, 0x98]],
  ])('treats every byte as invalid: %s', (_, values) => {
    const { text, utf8 } = decodeName(bytes(...values));
    expect(utf8).toBe(false);
    expect(text).toBe(values.map((value) => String.fromCharCode(0xdc00 + value)).join(''));
  });

  it('round-trips any bytes', () => {
    const runs = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
      fc.uint8Array({ min: 0x80, maxLength: 8 }),
    );
    const anyBytes = fc
      .array(runs, { maxLength: 4 })
      .map((parts) => Uint8Array.from(parts.flatMap((p) => [...p])));
    fc.assert(
      fc.property(anyBytes, (raw) => {
        const { text, utf8 } = decodeName(raw);
        expect([...encodeName(text)]).toEqual([...raw]);
        expect([...encodeName(unescapeText(escapeBytes(raw)))]).toEqual([...raw]);
        expect(utf8).toBe(text.isWellFormed());
      }),
    );
  });

  it('decodes a range of a larger buffer', () => {
    const buffer = bytes(0x78, 0x61, 0x62, 0xff);
    expect(decodeName(buffer.subarray(1, 3)).text).toBe('ab');
    expect(decodeName(buffer.subarray(2)).text).toBe('b\udcff');
  });

  it('encodes a surrogate that represents no byte as U+FFFD', () => {
    expect([...encodeName('\ud800')]).toEqual([0xef, 0xbf, 0xbd]);
  });
});

describe('escapeBytes', () => {
  it('shows invalid bytes as \\xNN', () => {
    expect(escapeBytes(bytes(0x61, 0x0a, 0xff, 0x5c))).toBe(String.raw`a\x0a\xff\\`);
  });
});
