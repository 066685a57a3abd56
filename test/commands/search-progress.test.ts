import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { searchProgress } from '../../src/commands/search-progress.ts';

function stream(isTTY: boolean): { stderr: NodeJS.WriteStream; text: () => string } {
  const through = new PassThrough();
  const stderr = Object.assign(through, { isTTY }) as unknown as NodeJS.WriteStream;
  return { stderr, text: () => ((through.read() as Buffer | null) ?? '').toString() };
}

it('draws one line over and over on a terminal, not too often, and takes it away', () => {
  const { stderr, text } = stream(true);
  let time = 0;
  const progress = searchProgress(stderr, false, () => time);
  progress.update(1, 1000);
  expect(text()).toBe('');
  time = 250;
  progress.update(500_000, 1_000_000);
  progress.update(600_000, 1_000_000);
  expect(text()).toBe('\r\x1b[2Ksearching: 500 kB of 1.0 MB, 50 %');
  progress.end();
  expect(text()).toBe('\r\x1b[2K');
});

it.each([
  ['no terminal', false, false],
  ['--quiet', true, true],
])('says nothing for %s', (_what, isTTY, quiet) => {
  const { stderr, text } = stream(isTTY);
  let time = 0;
  const progress = searchProgress(stderr, quiet, () => time);
  time = 1000;
  progress.update(1, 2);
  progress.end();
  expect(text()).toBe('');
});
