/** A range [start, end) of bytes or characters. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
