import { fit } from '../../text/fit.ts';
import type { Token } from '../../text/theme.ts';
import { displayWidth } from '../../text/width.ts';
import type { ColumnLayout } from './column-layout.ts';
import type { Segment } from './segment.ts';

/**
 * Returns a row as segments that fill the width of the layout, after a lead.
 * Hot path, called for each row of each frame.
 * @param lead put before the row, not counted in its width
 * @param token the look of columns without their own
 */
export function rowSegments<Row>(
  { columns, width }: ColumnLayout<Row>,
  row: Row,
  lead: Segment,
  token: Token | null = null,
): Segment[] {
  const line = new SegmentLine(lead);
  const last = columns.length - 1;
  let used = 0;
  for (let i = 0; i <= last; i++) {
    const { blanks, column, empty, fit: options, width: own } = columns[i]!;
    line.blank(blanks);
    used += blanks.length;
    // An earlier cell may have taken more than its width.
    const cells = i === last && column.width === null ? Math.max(0, width - used) : own;
    if (column.draw === null) {
      const text = column.cell(row);
      used += cells;
      if (text === '') line.blank(cells === own ? empty : ' '.repeat(cells));
      else {
        const look = typeof column.token === 'function' ? column.token(row) : column.token;
        line.add(look ?? token, fit(text, cells, options));
      }
      continue;
    }
    for (const [look, text, struck] of column.draw(row, cells)) {
      line.add(look ?? token, text, struck);
      if (i < last) used += displayWidth(text);
    }
  }
  return line.end();
}

/** Collects the segments of a row. Merges neighbours of the same look, including the blanks between them. */
class SegmentLine {
  readonly #segments: Segment[] = [];
  #token: Token | null;
  #text: string;
  #blanks = '';

  constructor([token, text]: Segment) {
    this.#token = token;
    this.#text = text;
  }

  /** Blanks get the look of both neighbours if it is the same, else none: some themes underline text. */
  blank(blanks: string): void {
    this.#blanks += blanks;
  }

  add(token: Token | null, text: string, struck?: true): void {
    if (text === '') return;
    const blanks = this.#blanks;
    this.#blanks = '';
    if (token === this.#token && struck === undefined) {
      this.#text += blanks + text;
      return;
    }
    if (this.#token === null) this.#text += blanks;
    this.#close();
    if (this.#token !== null && blanks !== '') this.#segments.push([null, blanks]);
    if (struck === undefined) {
      this.#token = token;
      this.#text = text;
    } else {
      this.#segments.push([token, text, struck]);
      this.#token = null;
      this.#text = '';
    }
  }

  end(): Segment[] {
    this.#close();
    if (this.#blanks !== '') this.#segments.push([null, this.#blanks]);
    return this.#segments;
  }

  #close(): void {
    if (this.#text !== '') this.#segments.push([this.#token, this.#text]);
  }
}
