import { describe, expect, it } from 'vitest';
import { alignHistory, instructionOfLayer } from '../../src/history/align.ts';
import type { HistoryRecord } from '../../src/image/config.ts';

function made(createdBy: string): HistoryRecord {
  return { created: null, createdBy, comment: null, author: null, emptyLayer: false };
}

function empty(createdBy: string): HistoryRecord {
  return { ...made(createdBy), emptyLayer: true };
}

describe('alignment of history and layers', () => {
  it('assigns the next layer to each entry that is not empty', () => {
    const alignment = alignHistory([made('COPY a /'), empty('CMD ["a"]'), made('COPY b /')], 2);
    expect(alignment.entries.map((entry) => entry.layer)).toEqual([0, null, 1]);
    expect(alignment).toMatchObject({ aligned: true, reason: null });
    expect(instructionOfLayer(alignment, 1)).toBe('COPY b /');
  });

  it('matches in order and reports a mismatch if there are more entries than layers', () => {
    const alignment = alignHistory([made('COPY a /'), made('COPY b /')], 1);
    expect(alignment.entries.map((entry) => entry.layer)).toEqual([0, null]);
    expect(alignment.aligned).toBe(false);
    expect(alignment.reason).toBe(
      'the history has 2 entries with a layer, but the manifest has 1 layer: they are matched in order, from the bottom layer up',
    );
  });

  it('leaves layers without an instruction if there are too few entries', () => {
    const alignment = alignHistory([made('COPY a /')], 3);
    expect(alignment.aligned).toBe(false);
    expect(alignment.reason).toContain('1 entry');
    expect([0, 1, 2].map((layer) => instructionOfLayer(alignment, layer))).toEqual(['COPY a /', '', '']);
  });

  it('reports a config without history', () => {
    expect(alignHistory([], 2).reason).toBe('the config has no history, but the manifest has 2 layers');
    expect(alignHistory([], 0)).toMatchObject({ aligned: true, reason: null });
  });

  it('aligns a squashed image, whose old entries are empty', () => {
    const squashed = alignHistory(
      [empty('/bin/sh -c apt-get update'), { ...made(''), comment: 'merge sha256:1 to sha256:2' }],
      1,
    );
    expect(squashed.entries.map((entry) => [entry.layer, entry.instruction])).toEqual([
      [null, 'RUN apt-get update'],
      [0, 'merge sha256:1 to sha256:2'],
    ]);
  });

  it('uses earlier ARG entries to split build arguments', () => {
    const { instructions } = alignHistory(
      [empty('/bin/sh -c #(nop)  ARG TITLE'), made('|1 TITLE=a b=c /bin/sh -c make')],
      1,
    );
    expect(instructions[1]).toMatchObject({
      args: [{ name: 'TITLE', value: 'a b=c' }],
      argsAmbiguous: false,
      text: 'RUN make',
    });
  });
});
