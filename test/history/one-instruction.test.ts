import { describe, expect, it } from 'vitest';
import { oneInstruction } from '../../src/history/one-instruction.ts';

describe('a recorded text', () => {
  it.each([
    ['a value with a line break', 'WORKDIR /a\nRUN evil', 'WORKDIR /a\\x0aRUN evil'],
    ['a comment with a line that is none', '# a\nRUN evil', '# a\\x0aRUN evil'],
    [
      'a here-document that ends early',
      'RUN <<EOF\na\nEOF\nRUN evil\nEOF',
      'RUN <<EOF\\x0aa\\x0aEOF\\x0aRUN evil\\x0aEOF',
    ],
  ])('stays one instruction: %s', (_, text, expected) => {
    expect(oneInstruction({ text, note: null })).toEqual({
      text: expected,
      note: 'a line break is recorded here, which a Dockerfile cannot hold',
    });
  });

  it.each(['RUN <<EOF\na\nb\nEOF', '# a\n# b', 'ENV A="a\\\nb"', 'RUN a'])(
    'is kept as it is where it is one: %j',
    (text) => {
      expect(oneInstruction({ text, note: null })).toEqual({ text, note: null });
    },
  );
});
