import { describe, expect, it } from 'vitest';
import { wrapText } from '../../src/text/wrap.ts';
import { displayWidth } from '../../src/text/width.ts';

describe('wrapText', () => {
  it('breaks at spaces and drops them', () => {
    expect(wrapText('RUN apt-get update && true', 11)).toEqual(['RUN apt-get', 'update &&', 'true']);
  });

  it('reserves an indent in every line but the first', () => {
    expect(wrapText('aaaa bb cc dd', 7, 4)).toEqual(['aaaa bb', 'cc', 'dd']);
  });

  it('breaks a word that is longer than a line', () => {
    expect(wrapText('FROM sha256:0123456789', 10)).toEqual(['FROM sha25', '6:01234567', '89']);
  });

  it('keeps spaces within a line and at its start', () => {
    expect(wrapText('  a   b', 20)).toEqual(['  a   b']);
  });

  it('measures cells, not characters', () => {
    const lines = wrapText('日本語日本語 日本語', 7);
    expect(lines).toEqual(['日本語', '日本語', '日本語']);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(7);
  });

  it('returns one empty line for empty text', () => {
    expect(wrapText('', 10)).toEqual(['']);
  });
});
