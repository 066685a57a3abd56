import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type { ReadImage } from '../../src/commands/exit-status.ts';
import { commandListener } from '../../src/commands/open-for-command.ts';
import { ledgerOf } from '../ledger-of.ts';
import { file } from '../../fixtures/tar.ts';
import type { StackedImage } from '../../src/ledger/stacked-image.ts';

/** Returns the listener of a command, and its output. */
function listenerOf(options: { quiet?: boolean; allowIncomplete?: boolean }) {
  const through = new PassThrough();
  const stderr = Object.assign(through, { isTTY: true }) as unknown as NodeJS.WriteStream;
  const read: ReadImage[] = [];
  const listener = commandListener(options, { stderr, onRead: (image) => read.push(image) });
  const printed: string[] = [];
  through.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  return { listener, read, text: () => printed.join('') };
}

it('prints warnings and notices on standard error, escaped', () => {
  const { listener, text } = listenerOf({});
  listener.warning!('layer 1 of evil\u001b[2J is missing');
  listener.notice!('using exhume.yaml');
  expect(text()).toBe('exhume: warning: layer 1 of evil\\x1b[2J is missing\nexhume: using exhume.yaml\n');
});

it('prints nothing with --quiet', () => {
  const { listener, text } = listenerOf({ quiet: true });
  listener.warning!('layer 1 is missing');
  listener.notice!('using exhume.yaml');
  for (const each of [listener.arrival!('app:1'), listener.scan!()]) each.end();
  expect(text()).toBe('');
});

it('passes on each image read, for the exit status', async () => {
  const { listener, read } = listenerOf({ allowIncomplete: true });
  const stacked = { ledger: await ledgerOf([[file('a')]]) } as StackedImage;
  listener.imageRead!(stacked);
  expect(read).toEqual([{ stacked, allowIncomplete: true, quiet: false }]);
});
