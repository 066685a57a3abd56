import { escapeText } from '../src/text/escape.ts';
import { fit } from '../src/text/fit.ts';
import { displayWidth } from '../src/text/width.ts';
import type { LineEdit } from '../src/tui/line-edit.ts';
import type { Overlay, PromptKind } from '../src/tui/overlay.ts';
import type { Painter } from './painter.ts';

/** What each prompt is called, and what it takes. */
export const ASKS: Readonly<Record<PromptKind, { readonly title: string; readonly hint: string }>> = {
  filter: { title: 'filter', hint: 'text, *.glob, /regular expression/' },
  layer: { title: 'go to layer', hint: 'its number' },
  search: { title: 'search', hint: 'a text, without regard to case' },
  reveal: { title: 'reveal', hint: 'which value, from the top; 0 covers' },
  pager: { title: '$PAGER covers no secret; show it there, y or n', hint: 'a case logs it' },
  editor: { title: '$EDITOR covers no secret; show it there, y or n', hint: 'a case logs it' },
  'false-alarm': { title: 'a false alarm, since', hint: 'why; may be left empty' },
  accept: { title: 'accept, since', hint: 'why; until 2027-01-31 where it ends' },
  flag: { title: 'flag', hint: 'kind, severity, note; @FROM-TO: bytes' },
  'keep-rules': { title: 'keep the false alarms in', hint: 'a configuration file; what it says stays' },
  extract: { title: 'extract', hint: 'secrets are not masked' },
  export: { title: 'write the report to', hint: 'the ending tells the format' },
};

type Prompt = Extract<Overlay, { kind: 'prompt' }>;

/**
 * What a prompt is called: one that writes files says which.
 * @param width of the screen; a path in the title leaves room for the line and the hint
 */
export function promptTitle(overlay: Prompt, width = Number.POSITIVE_INFINITY): string {
  const { title } = ASKS[overlay.ask];
  if (overlay.ask !== 'extract') return title;
  return `${fit(`${title} ${overlay.request.what}`, width * 0.4, { cut: 'middle', pad: false })} to`;
}

/** A prompt in the foot line. */
export function promptLine(overlay: Prompt, painter: Painter, width: number): string {
  const title = promptTitle(overlay, width);
  const tail = overlay.error ?? ASKS[overlay.ask].hint;
  const right = fit(escapeText(tail), Math.max(0, Math.min(width >> 1, displayWidth(tail))), { pad: false });
  const room = width - displayWidth(title) - 4 - displayWidth(right) - 2;
  return painter.row([
    ['key', ` ${title}: `],
    [null, editText(overlay.line, painter, room)],
    [overlay.error === null ? 'dim' : 'error', `  ${right}`],
  ]);
}

/**
 * A line being typed, with its cursor drawn as an inverse cell; exactly `width` cells. What does not
 * fit is cut on the left.
 */
export function editText({ before, after }: LineEdit, painter: Painter, width: number): string {
  const left = fit(escapeText(before), Math.max(1, width - 1), { cut: 'start', pad: false });
  const rest = escapeText(after);
  const under = rest === '' ? ' ' : (Array.from(rest)[0] ?? ' ');
  const cells = width - displayWidth(left) - displayWidth(under);
  const right = cells > 0 ? fit(rest.slice(rest === '' ? 0 : under.length), cells) : '';
  return `${painter.name('text', left)}\x1b[7m${under}\x1b[27m${painter.name('text', right)}`;
}
