import type { Report } from '../report.ts';
import { escapeText } from '../../text/escape.ts';
import { quantity } from '../../text/quantity.ts';
import { humanSize } from '../../text/size.ts';

const ROW = 26;
const WIDTH = 860;
const BAR_AT = 70;
const BAR_WIDTH = 240;

/**
 * Draws the layers as an SVG: one bar for each, proportional to its size, newest at the top. A sign and a number mark
 * findings, so that nothing is shown by colour alone.
 */
export function layersSvg({ findings, layers }: Report): string {
  const largest = Math.max(1, ...layers.map(({ size }) => size ?? 0));
  const height = layers.length * ROW + 8;
  const rows = layers.toReversed().map(({ index, instruction, origin, size }, row) => {
    const y = row * ROW + 6;
    const bytes = size ?? 0;
    const width = bytes === 0 ? 2 : Math.max(2, Math.round((bytes / largest) * BAR_WIDTH));
    const here = findings.filter(
      (finding) =>
        finding.suppressed === null && finding.occurrences.some(({ where }) => where.layer === index),
    ).length;
    const sign = here === 0 ? '' : `⚠ ${here}`;
    return [
      `<text x="8" y="${y + 14}">${index}</text>`,
      `<rect class="${origin}" x="${BAR_AT}" y="${y}" width="${width}" height="18"/>`,
      `<text x="${BAR_AT + BAR_WIDTH + 12}" y="${y + 14}">${size === null ? '-' : humanSize(size)}</text>`,
      `<text class="sign" x="34" y="${y + 14}">${sign}</text>`,
      `<text x="${BAR_AT + BAR_WIDTH + 80}" y="${y + 14}">${xml(cut(instruction))}</text>`,
    ].join('');
  });
  const title = `${quantity(layers.length, 'layer')}, newest at the top`;
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}"><title>${title}</title>${rows.join('')}</svg>`;
}

function cut(text: string): string {
  return text.length > 62 ? `${text.slice(0, 61)}…` : text;
}

/** Escapes text for XML and HTML, and makes invisible characters visible. */
export function xml(text: string): string {
  return escapeText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
