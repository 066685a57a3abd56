import type { Model } from '../model.ts';
import { type ViewId, VIEWS } from '../views.ts';

/** A tab and its position in the tab line. */
export interface TabSpan {
  readonly id: ViewId;
  /** With its key and its count; in brackets if shown. */
  readonly text: string;
  readonly isShown: boolean;
  readonly start: number;
  readonly end: number;
}

/** Returns the tabs from left to right. If there is no room, first drops the gaps, then the counts. */
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
