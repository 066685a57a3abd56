import { describe, expect, it } from 'vitest';
import { oneInstruction } from '../../src/history/one-instruction.ts';

describe('oneInstruction', () => {
  it.each([
    ['a value with a line break', 'WORKDIR /a\nRUN evil', 'WORKDIR /a\\x0aRUN evil'],
    ['a comment with a line that is none', '# a\nRUN evil', '# a\\x0aRUN evil'],
    [
      'a here-document that ends early',
      'RUN <<EOF\na\nEOF\nRUN evil\nEOF',
      'RUN <<EOF\\x0aa\\x0aEOF\\x0aRUN evil\\x0aEOF',
    ],
  ])('keeps a single instruction: %s', (_, text, expected) => {
    expect(oneInstruction({ text, note: null })).toEqual({
      text: expected,
      note: 'contains a line break, which a Dockerfile cannot express',
    });
  });

  it.each(['RUN <<EOF\na\nb\nEOF', '# a\n# b', 'ENV A="a\\\nb"', 'RUN a'])(
    'leaves a single instruction unchanged: %j',
    (text) => {
      expect(oneInstruction({ text, note: null })).toEqual({ text, note: null });
    },
  );
});
