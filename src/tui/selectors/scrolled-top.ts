/** Returns the first row to draw so that the cursor is visible and the page is full. */
export function scrolledTop(top: number, cursor: number, count: number, page: number): number {
  const seen = Math.max(cursor - page + 1, Math.min(top, cursor));
  return Math.max(0, Math.min(seen, count - page));
}
