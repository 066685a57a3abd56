import { describe, expect, it } from 'vitest';
import { githubToken } from '../../../fixtures/canary.ts';
import { contentSecrets, maskContent, mergedSpans } from '../../../src/secrets/mask/mask-content.ts';
import { Masker } from '../../../src/secrets/mask/masker.ts';

const TOKEN = githubToken('cover');
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const covered = (content: Uint8Array, path: string | null): Uint8Array =>
  maskContent(content, contentSecrets(content, path, new Masker([])));

describe('the masked content of a file', () => {
  it('has its credentials masked byte for byte', () => {
    const content = `# é\nGITHUB_TOKEN=${TOKEN}\nPORT=80\n`;
    expect(text(covered(Buffer.from(content), '/app/.env'))).toBe(
      content.replace(TOKEN, '*'.repeat(TOKEN.length)),
    );
  });

  it('has the hits of the reader for its path masked, with line ends kept', () => {
    const content = Buffer.from('machine example.net login a password correct-horse-7\r\n');
    expect(text(covered(content, '/root/.netrc'))).not.toContain('correct-horse-7');
    expect(text(covered(content, '/root/.netrc'))).toMatch(/\r\n$/);
    expect(covered(content, null)).toBe(content);
  });

  it('stays UTF-16', () => {
    const content = Buffer.from(`\uFEFFname=${TOKEN}\r\nnext`, 'utf16le');
    expect(new TextDecoder('utf-16le').decode(covered(content, '/app/a.txt'))).toBe(
      `name=${'*'.repeat(TOKEN.length)}\r\nnext`,
    );
  });

  it('is the original buffer if there are no credentials', () => {
    const bytes = Buffer.from('nothing here\n');
    expect(contentSecrets(bytes, '/etc/motd', new Masker([]))).toEqual([]);
    expect(covered(bytes, '/etc/motd')).toBe(bytes);
  });
});

describe('overlapping ranges', () => {
  it('are merged; adjacent ones stay separate, empty ones are dropped', () => {
    const spans = [
      { start: 8, end: 9 },
      { start: 0, end: 4 },
      { start: 2, end: 6 },
      { start: 6, end: 7 },
      { start: 3, end: 3 },
    ];
    expect(mergedSpans(spans)).toEqual([
      { start: 0, end: 6 },
      { start: 6, end: 7 },
      { start: 8, end: 9 },
    ]);
  });

  it('are masked up to the ends of the content', () => {
    const bytes = Buffer.from('abcd');
    const spans = [
      { start: -5, end: 1 },
      { start: 3, end: 9 },
    ];
    expect(text(maskContent(bytes, spans))).toBe('*bc*');
    expect(text(bytes)).toBe('abcd');
  });
});
