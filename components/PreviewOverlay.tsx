import { escapeBytes } from '../src/text/escape.ts';
import { fit } from '../src/text/fit.ts';
import { exactSize } from '../src/text/size.ts';
import type { Token } from '../src/text/theme.ts';
import { graphemes } from '../src/text/width.ts';
import type { Model } from '../src/tui/model.ts';
import type { Overlay } from '../src/tui/overlay.ts';
import type { Preview, PreviewLine } from '../src/tui/preview.ts';
import { overlaySize, previewRows } from '../src/tui/selectors/layout.ts';
import { Frame } from './Frame.tsx';
import type { Painter } from './painter.ts';

const TOKENS: Readonly<Record<PreviewLine['kind'], Token>> = {
  plain: 'text',
  added: 'added',
  removed: 'deleted',
  hunk: 'accent',
};

/** The content of a file. */
export function PreviewOverlay({
  model,
  overlay,
  painter,
}: {
  readonly model: Model;
  readonly overlay: Extract<Overlay, { kind: 'preview' }>;
  readonly painter: Painter;
}) {
  const inner = overlaySize(model.size);
  const { preview } = overlay;
  if (preview === null) {
    return <Frame title="Reading" screen={model.size} inner={inner} lines={[]} painter={painter} />;
  }
  const rows = previewRows(model);
  const body = previewLines(preview, overlay, painter, inner.columns, rows);
  while (body.length < rows) body.push(' '.repeat(inner.columns));
  const name =
    model.stacked === null ? '' : escapeBytes(model.stacked.ledger.paths.path(preview.content.path));
  const title = fit(`${name} in layer ${preview.content.layer}`, inner.columns - 4, {
    cut: 'start',
    pad: false,
  });
  const lines = [...body, painter.paint('dim', fit(placeText(preview, overlay.top), inner.columns))];
  return <Frame title={title} screen={model.size} inner={inner} lines={lines} painter={painter} />;
}

function previewLines(
  preview: Preview,
  overlay: { readonly top: number; readonly wrap: boolean; readonly search: string },
  painter: Painter,
  width: number,
  rows: number,
): string[] {
  const shown = preview.lines.slice(overlay.top, overlay.top + rows);
  const lead = Math.max(0, ...shown.map((line) => line.lead.length));
  const isHex = preview.mode === 'hex';
  // Text has a column for the mark of the requested line; hex needs the full width.
  const gutter = preview.marked === null || isHex ? 0 : 2;
  const room = width - gutter - (lead === 0 ? 0 : lead + 1);
  const wanted = overlay.search.toLowerCase();
  const lines: string[] = [];
  for (const [at, line] of shown.entries()) {
    const isMatch = wanted !== '' && line.text.toLowerCase().includes(wanted);
    const isMarked = overlay.top + at === preview.marked;
    const text = isMarked && isHex ? markedHex(line.text) : line.text;
    const pieces = overlay.wrap ? wrapped(text, room) : [text];
    pieces.forEach((piece, i) => {
      const number = lead === 0 ? '' : `${fit(i === 0 ? line.lead : '', lead, { align: 'right' })} `;
      const mark = i === 0 && isMarked ? '>' : '';
      lines.push(
        painter.paint('accent', fit(mark, gutter)) +
          painter.paint('dim', number) +
          painter.name(
            isMatch ? 'match' : isMarked && isHex ? 'accent' : TOKENS[line.kind],
            fit(piece, room),
          ),
      );
    });
    if (lines.length >= rows) break;
  }
  return lines.slice(0, rows);
}

/** Puts the mark in place of the space after the offset. */
function markedHex(text: string): string {
  return text.replace(' ', '>');
}

function wrapped(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const letters = graphemes(text);
  const pieces: string[] = [];
  for (let at = 0; at < letters.length; at += width) pieces.push(letters.slice(at, at + width).join(''));
  return pieces;
}

function placeText(preview: Preview, top: number): string {
  const more = preview.more ? '; ] shows more' : '';
  const from = preview.offset > 0 ? `, from byte ${exactSize(preview.offset)}` : '';
  return `${preview.title}, ${exactSize(preview.size)} bytes${from}; line ${top + 1} of ${preview.lines.length}${more}${secretsText(preview)}`;
}

function secretsText({ revealed, secrets }: Preview): string {
  if (secrets.length === 0) return '';
  if (revealed !== null) return `; UNMASKED: ${revealed + 1} of ${secrets.length}`;
  return `; ${secrets.length} masked`;
}
