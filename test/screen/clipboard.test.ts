import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyText, osc52 } from '../../src/screen/clipboard.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'exhume-clipboard-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A standard output that keeps what is written. */
function outputOf(isTTY: boolean): { stdout: NodeJS.WriteStream; written: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY });
  return {
    stdout: stream as unknown as NodeJS.WriteStream,
    written: () => String(stream.read() ?? ''),
  };
}

const encoded = (text: string): string => Buffer.from(text).toString('base64');

describe('copying a text', () => {
  it('uses OSC 52 without a desktop', async () => {
    const { stdout, written } = outputOf(true);
    expect(await copyText('/etc/päss', stdout, {})).toBe('terminal');
    expect(written()).toBe(`\x1b]52;c;${encoded('/etc/päss')}\x07`);
  });

  it('is wrapped for tmux and screen', () => {
    const plain = `\x1b]52;c;${encoded('a')}\x07`;
    expect(osc52('a', { TMUX: '/tmp/x,1,0' })).toBe(`\x1bPtmux;\x1b${plain}\x1b\\`);
    expect(osc52('a', { TERM: 'screen-256color' })).toBe(`\x1bP${plain}\x1b\\`);
  });

  it('cannot end the sequence early, whatever the text', () => {
    const sequence = osc52('\x07\x1b\\\x1b]0;title\x07', {})!;
    expect(sequence.slice('\x1b]52;c;'.length, -1)).toMatch(/^[A-Za-z0-9+/=]+$/);
  });

  it('is not sent if too long', async () => {
    const { stdout, written } = outputOf(true);
    expect(await copyText('x'.repeat(80_000), stdout, {})).toBe('too-long');
    expect(written()).toBe('');
  });

  it('fails without a terminal', async () => {
    const { stdout, written } = outputOf(false);
    expect(await copyText('a', stdout, {})).toBe('nowhere');
    expect(written()).toBe('');
  });

  it("goes to the desktop's tool where there is one, and to the terminal where that fails", async () => {
    const kept = path.join(folder, 'kept');
    const tool = path.join(folder, 'wl-copy');
    writeFileSync(tool, `#!/bin/sh\ncat > '${kept}'\n`);
    chmodSync(tool, 0o755);
    const before = process.env['PATH'];
    try {
      process.env['PATH'] = `${folder}:${before}`;
      const first = outputOf(true);
      expect(await copyText('by tool', first.stdout, { WAYLAND_DISPLAY: 'wayland-0' })).toBe('tool');
      expect([readFileSync(kept, 'utf8'), first.written()]).toEqual(['by tool', '']);
      writeFileSync(tool, '#!/bin/sh\nexit 1\n');
      expect(await copyText('a', outputOf(true).stdout, { WAYLAND_DISPLAY: 'wayland-0' })).toBe('terminal');
    } finally {
      process.env['PATH'] = before;
    }
  });
});
