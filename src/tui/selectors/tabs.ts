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

/** The tabs from left to right. Where they are too wide they move together, then lose their counts. */
export function tabSpans(model: Model): readonly TabSpan[] {
  const fits = (spans: readonly TabSpan[]): boolean => spans.at(-1)!.end <= model.size.columns;
  const wide = spansOf(model, 1, true);
  if (fits(wide)) return wide;
  const close = spansOf(model, 0, true);
  return fits(close) ? close : spansOf(model, 0, false);
}

function spansOf({ view, counts, retest }: Model, gap: number, isCounted: boolean): readonly TabSpan[] {
  let start = 0;
  return VIEWS.filter(({ id }) => id !== 'retest' || retest !== null).map(({ id, title }, index) => {
    const isShown = id === view;
    const count = isCounted || isShown ? counts[id] : undefined;
    const name = `${index + 1} ${title}${count === undefined ? '' : ` ${count}`}`;
    const text = isShown ? `[${name}]` : ` ${name} `;
    const span = { id, text, isShown, start, end: start + text.length };
    start = span.end + gap;
    return span;
  });
}
