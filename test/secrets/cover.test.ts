import { describe, expect, it } from 'vitest';
import { githubToken } from '../../fixtures/canary.ts';
import { coverSecrets } from '../../src/secrets/cover.ts';

const TOKEN = githubToken('cover');
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

describe('what is drawn of a file', () => {
  it('has its credentials covered, byte for byte', () => {
    const content = `# é\nGITHUB_TOKEN=${TOKEN}\nPORT=80\n`;
    const covered = coverSecrets(Buffer.from(content), '/app/.env');
    expect([text(covered.bytes), covered.count]).toEqual([
      content.replace(TOKEN, '*'.repeat(TOKEN.length)),
      1,
    ]);
  });

  it('has what only the reader of its path knows covered too, line ends kept', () => {
    const content = 'machine example.net login a password correct-horse-7\r\n';
    const { bytes, count } = coverSecrets(Buffer.from(content), '/root/.netrc');
    expect(count).toBeGreaterThan(0);
    expect(text(bytes)).not.toContain('correct-horse-7');
    expect(text(bytes)).toMatch(/\r\n$/);
  });

  it('is the file itself where it holds none', () => {
    const bytes = Buffer.from('nothing here\n');
    expect(coverSecrets(bytes, '/etc/motd')).toEqual({ bytes, count: 0 });
  });
});
