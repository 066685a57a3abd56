import { escapeText } from '../src/text/escape.ts';
import { fit } from '../src/text/fit.ts';
import { displayWidth } from '../src/text/width.ts';
import { type LineEdit, lineText } from '../src/tui/line-edit.ts';
import type { Overlay, PlainPromptKind } from '../src/tui/overlay.ts';
import type { Painter } from './painter.ts';

/** The title and the hint of each prompt. */
const ASKS: Readonly<Record<PlainPromptKind | 'extract', { readonly title: string; readonly hint: string }>> =
  {
    filter: { title: 'filter', hint: 'text, *.glob or /regexp/' },
    layer: { title: 'go to layer', hint: 'number' },
    search: { title: 'search', hint: 'text, case-insensitive' },
    'false-alarm': { title: 'false alarm, reason', hint: 'optional' },
    accept: { title: 'accept, reason', hint: 'may end with: until 2027-01-31' },
    flag: { title: 'flag', hint: 'kind / severity / note; bytes: @FROM-TO' },
    'keep-rules': { title: 'add false alarms to', hint: 'configuration file; its content is kept' },
    extract: { title: 'extract', hint: 'secrets are not masked' },
    export: { title: 'write report to', hint: 'the extension sets the format' },
  };

type Prompt = Extract<Overlay, { kind: 'prompt' }>;

/**
 * Returns the question of a prompt, in front of its line.
 * @param width of the screen; a path in the title leaves room for the line and the hint
 */
export function promptTitle(overlay: Prompt, width = Number.POSITIVE_INFINITY): string {
  if (overlay.ask === 'reveal') return 'reveal value';
  if (overlay.ask === 'pager' || overlay.ask === 'editor') {
    return `${escapeText(overlay.program)} shows secrets unmasked. Open it? y/n`;
  }
  const { title } = ASKS[overlay.ask];
  if (overlay.ask !== 'extract') return `${title}:`;
  return `${fit(`${title} ${overlay.request.what}`, width * 0.4, { cut: 'middle', pad: false })} to:`;
}

/** Returns what a prompt accepts; empty if its question says so. */
export function promptHint(overlay: Prompt): string {
  if (overlay.ask === 'reveal') {
    return `of ${overlay.count}? enter yes, esc no${overlay.isRevealed ? '; 0 masks it' : ''}`;
  }
  return overlay.ask === 'pager' || overlay.ask === 'editor' ? '' : ASKS[overlay.ask].hint;
}

/** Returns a prompt as the foot line. */
export function promptLine(overlay: Prompt, painter: Painter, width: number): string {
  const title = promptTitle(overlay, width);
  const tail = overlay.error ?? promptHint(overlay);
  const right = fit(escapeText(tail), Math.max(0, Math.min(width >> 1, displayWidth(tail))), { pad: false });
  const free = width - displayWidth(title) - 4 - displayWidth(right);
  // The question continues after the number.
  const room = overlay.ask === 'reveal' ? Math.min(free, lineText(overlay.line).length + 1) : free;
  const gap = overlay.ask === 'reveal' ? '' : ' ';
  return painter.row([
    ['key', ` ${title} `],
    [null, editText(overlay.line, painter, room)],
    [overlay.error === null ? 'dim' : 'error', `${gap}${right}${' '.repeat(free - room)}`],
  ]);
}

/**
 * Returns a line with its cursor as an inverse cell, exactly `width` cells wide. A long line is cut on the left.
 */
export function editText({ before, after }: LineEdit, painter: Painter, width: number): string {
  const left = fit(escapeText(before), Math.max(1, width - 1), { cut: 'start', pad: false });
  const rest = escapeText(after);
  const under = rest === '' ? ' ' : (Array.from(rest)[0] ?? ' ');
  const cells = width - displayWidth(left) - displayWidth(under);
  const right = cells > 0 ? fit(rest.slice(rest === '' ? 0 : under.length), cells) : '';
  return `${painter.name('text', left)}\x1b[7m${under}\x1b[27m${painter.name('text', right)}`;
}
