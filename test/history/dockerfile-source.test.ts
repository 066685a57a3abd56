import { describe, expect, it } from 'vitest';
import { alignHistory } from '../../src/history/align.ts';
import { entriesOfSource } from '../../src/history/dockerfile-source.ts';
import type { HistoryRecord } from '../../src/image/config.ts';

/** Returns BuildKit history entries: metadata instructions are empty, all others have a layer. */
function entriesOf(source: readonly string[], ...createdBy: string[]): readonly (number | null)[] {
  const records = createdBy.map((by): HistoryRecord => ({
    created: null,
    createdBy: by,
    comment: 'buildkit.dockerfile.v0',
    author: null,
    emptyLayer: /^(?:ARG|ENV|CMD|LABEL) /.test(by),
  }));
  const layers = records.filter(({ emptyLayer }) => !emptyLayer).length;
  return entriesOfSource(source, alignHistory(records, layers));
}

describe('history entries of Dockerfile lines', () => {
  it('maps the last stage to the last history entries', () => {
    const source = [
      '# syntax=docker/dockerfile:1',
      'FROM golang AS build',
      'RUN make',
      'FROM debian',
      'env A=b',
      '',
      'COPY --from=build /app /app',
      'CMD ["/app"]',
    ];
    const history = ['RUN base', 'ENV A=b', 'COPY /app /app # buildkit', 'CMD ["/app"]'];
    expect(entriesOf(source, ...history)).toEqual([null, null, null, null, 1, null, 2, 3]);
  });

  it('joins continued lines and here-documents', () => {
    const source = [
      'FROM debian',
      'RUN make \\',
      '# a comment inside',
      '  all',
      'RUN <<EOF',
      'RUN no instruction',
      'EOF',
      "COPY <<-'A' <<B /x/",
      '  a',
      '\tA',
      'b',
      'B',
      'CMD ["x"]',
    ];
    const history = ['RUN make all', 'RUN x', 'COPY inline /x/ # buildkit', 'CMD ["x"]'];
    expect(entriesOf(source, ...history)).toEqual([null, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 3]);
  });

  it('maps nothing if another target was built', () => {
    expect(entriesOf(['FROM a', 'RUN x', 'CMD y'], 'RUN x', 'COPY a b')).toEqual([null, null, null]);
    expect(entriesOf(['FROM a', 'RUN x', 'CMD y'], 'CMD y')).toEqual([null, null, null]);
    expect(entriesOf(['FROM a', 'RUN <<EOF', 'CMD y'], 'RUN x', 'CMD y')).toEqual([null, null, null]);
  });
});
