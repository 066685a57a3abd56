import type { Model } from '../model.ts';
import { type ViewId, VIEWS } from '../views.ts';

/** A tab of the tab line, and the cells it takes. */
export interface TabSpan {
  readonly id: ViewId;
  /** With its key, its count and the marks of the one that is shown. */
  readonly text: string;
  readonly isShown: boolean;
  readonly start: number;
  readonly end: number;
}

/** The tabs from left to right. */
export function tabSpans({ view, counts, retest }: Model): readonly TabSpan[] {
  let start = 0;
  return VIEWS.filter(({ id }) => id !== 'retest' || retest !== null).map(({ id, title }, index) => {
    const count = counts[id];
    const name = `${index + 1} ${title}${count === undefined ? '' : ` ${count}`}`;
    const text = id === view ? `[${name}]` : ` ${name} `;
    const span = { id, text, isShown: id === view, start, end: start + text.length };
    start = span.end + 1;
    return span;
  });
}
