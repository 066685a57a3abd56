import { describe, expect, it } from 'vitest';
import { toJson } from '../../src/text/json.ts';
import { fc } from '../property.ts';
import { anyText } from './hostile-names.ts';

describe('toJson', () => {
  it('writes dangerous code points as escapes, in keys too', () => {
    expect(toJson({ 'a\u202e': '\u009b\u{e0041}\ud800\\\u200b' }, 0)).toBe(
      String.raw`{"a\u202e":"\u009b\udb40\udc41\ud800\\\u200b"}`,
    );
  });

  it('does not escape harmless letters outside ASCII', () => {
    expect(toJson(['\u65e5\u672c', '\u{1f600}'], 0)).toBe('["\u65e5\u672c","\u{1f600}"]');
  });

  it('indents by two spaces by default', () => {
    expect(toJson({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}');
  });

  it('returns null for a value without JSON', () => {
    expect(toJson(undefined)).toBe('null');
  });

  it('keeps the value and has no dangerous characters', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(anyText, anyText)), (value) => {
        const json = toJson(value, 0);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u);
      }),
    );
  });
});
