/** A stretch [start, end), of bytes or of letters. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
