import { describe, expect, it } from 'vitest';
import { openKeyInput } from '../../src/screen/key-input.ts';

type Streams = Parameters<typeof openKeyInput>[1];

function streams(stdin: boolean, stdout: boolean, env: NodeJS.ProcessEnv = {}): Streams {
  return { stdin: { isTTY: stdin }, stdout: { isTTY: stdout }, env } as unknown as Streams;
}

describe('the keys of the screen', () => {
  it('come from standard input if it is a terminal', () => {
    const both = streams(true, true);
    expect(openKeyInput('image.tar', both)?.stdin).toBe(both.stdin);
  });

  it.each([
    ['standard output is no terminal', '-', streams(false, false)],
    ['the terminal is dumb', 'image.tar', streams(true, true, { TERM: 'dumb' })],
    ['standard input is neither a terminal nor the image', 'image.tar', streams(false, true)],
  ])('have no source if %s, so the summary is printed', (_, name, context) => {
    expect(openKeyInput(name, context)).toBeNull();
  });
});
