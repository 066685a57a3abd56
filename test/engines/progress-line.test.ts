import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandContext } from '../../src/commands/context.ts';
import { progressLine } from '../../src/commands/progress-line.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function stage(terminal: { columns: number } | null): { context: CommandContext; text: () => string } {
  const chunks: string[] = [];
  const stderr = Object.assign(new PassThrough(), terminal === null ? {} : { isTTY: true, ...terminal });
  stderr.on('data', (chunk: Buffer) => chunks.push(chunk.toString('utf8')));
  const context = { stderr } as unknown as CommandContext;
  return { context, text: () => chunks.join('') };
}

const MB = 1_000_000;

describe('the line about an image that arrives', () => {
  it('is drawn over and over on a terminal, and taken away at the end', () => {
    const { context, text } = stage({ columns: 60 });
    const line = progressLine(context, 'shop/app:2', false);
    line.waitFor('docker');
    vi.advanceTimersByTime(200);
    line.update({ bytes: 0, layers: 0 });
    vi.advanceTimersByTime(2000);
    line.update({ bytes: 120 * MB, layers: 4 });
    vi.advanceTimersByTime(200);
    line.end();
    vi.advanceTimersByTime(5000);
    const drawn = text().split('\r\u001b[2K');
    expect(drawn[1]).toBe('shop/app:2: waiting for docker, 0 s');
    expect(drawn.at(-2)).toBe('shop/app:2: 120 MB, 55 MB/s, 4 layers so far');
    expect(drawn.at(-1)).toBe('');
    expect(text()).not.toContain('\n');
  });

  it('stays within the terminal: a long name loses its beginning', () => {
    const { context, text } = stage({ columns: 40 });
    const line = progressLine(context, `registry.internal/${'team/'.repeat(20)}app:2`, false);
    line.update({ bytes: 5 * MB, layers: 1 });
    vi.advanceTimersByTime(1000);
    line.end();
    const drawn = text().split('\r\u001b[2K').at(-2)!;
    expect(drawn).toMatch(/^~\S*app:2: 5\.0 MB, 5\.0 MB\/s, 1 layer so far$/);
    expect(drawn.length).toBeLessThan(40);
  });

  it('is a plain line every few seconds where there is no terminal, and none for what is quick', () => {
    const { context, text } = stage(null);
    const line = progressLine(context, 'app:2', false);
    line.update({ bytes: 10 * MB, layers: 1 });
    vi.advanceTimersByTime(3000);
    expect(text()).toBe('');
    line.update({ bytes: 80 * MB, layers: 2 });
    vi.advanceTimersByTime(1000);
    expect(text()).toBe('exhume: app:2: 80 MB, 20 MB/s, 2 layers so far\n');
    line.end();
    vi.advanceTimersByTime(60_000);
    expect(text().match(/\n/g)).toHaveLength(1);
  });

  it('shows a hostile name in plain characters', () => {
    const { context, text } = stage(null);
    const line = progressLine(context, 'app\u001b]0;title\u0007:2', false);
    line.waitFor('docker');
    vi.advanceTimersByTime(4000);
    line.end();
    expect(text()).toBe('exhume: app\\x1b]0;title\\x07:2: waiting for docker, 4 s\n');
  });

  it('is not there with --quiet', () => {
    const { context, text } = stage({ columns: 80 });
    const line = progressLine(context, 'app:2', true);
    line.update({ bytes: 10 * MB, layers: 1 });
    vi.advanceTimersByTime(60_000);
    line.end();
    expect(text()).toBe('');
  });
});
