import { describe, expect, it } from 'vitest';
import { alignHistory, instructionOfLayer } from '../../src/history/align.ts';
import type { HistoryRecord } from '../../src/image/config.ts';

function made(createdBy: string): HistoryRecord {
  return { created: null, createdBy, comment: null, author: null, emptyLayer: false };
}

function empty(createdBy: string): HistoryRecord {
  return { ...made(createdBy), emptyLayer: true };
}

describe('history held against layers', () => {
  it('gives the next layer to each entry that is not empty', () => {
    const alignment = alignHistory([made('COPY a /'), empty('CMD ["a"]'), made('COPY b /')], 2);
    expect(alignment.entries.map((entry) => entry.layer)).toEqual([0, null, 1]);
    expect(alignment).toMatchObject({ aligned: true, reason: null });
    expect(instructionOfLayer(alignment, 1)).toBe('COPY b /');
  });

  it('keeps what matches from the start where there are more entries than layers, and says so', () => {
    const alignment = alignHistory([made('COPY a /'), made('COPY b /')], 1);
    expect(alignment.entries.map((entry) => entry.layer)).toEqual([0, null]);
    expect(alignment.aligned).toBe(false);
    expect(alignment.reason).toBe(
      'the history has 2 entries that made a layer, the manifest has 1 layer: they are matched from the start, as far as they go',
    );
  });

  it('makes nothing up for a layer that no entry is left for', () => {
    const alignment = alignHistory([made('COPY a /')], 3);
    expect(alignment.aligned).toBe(false);
    expect(alignment.reason).toContain('1 entry');
    expect([0, 1, 2].map((layer) => instructionOfLayer(alignment, layer))).toEqual(['COPY a /', '', '']);
  });

  it('says so where the config has no history', () => {
    expect(alignHistory([], 2).reason).toBe('the config records no history for the 2 layers of the manifest');
    expect(alignHistory([], 0)).toMatchObject({ aligned: true, reason: null });
  });

  it('aligns the entries that a squash emptied, with the commands that remain', () => {
    const squashed = alignHistory(
      [empty('/bin/sh -c apt-get update'), { ...made(''), comment: 'merge sha256:1 to sha256:2' }],
      1,
    );
    expect(squashed.entries.map((entry) => [entry.layer, entry.instruction])).toEqual([
      [null, 'RUN apt-get update'],
      [0, 'merge sha256:1 to sha256:2'],
    ]);
  });

  it('bounds build arguments by the ARG entries above', () => {
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
