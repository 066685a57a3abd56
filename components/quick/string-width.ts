import stringWidth, { type Options } from '../../node_modules/string-width/index.js';
import { isLone } from './lone-signs.ts';
import { sequenceEnd } from './sgr.ts';

/*
 * Stands in for `string-width` in the built program (see build.ts). Ink measures each row of
 * the screen several times a frame; where one sign of it is not ASCII, as the line between two panes,
 * string-width looks at the neighbourhood of every other. Ink brings an older string-width along: this one
 * makes it measure as the rest of the program does.
 *
 * Imported by its file, since its name leads here.
 */

const ESC = 0x1b;
const UNKNOWN = 255;
/** Cells of lone signs, by their code; as string-width answers for each. */
const widths = new Uint8Array(0x10000).fill(UNKNOWN);

/** As `string-width`. */
// What imports that asks for its default.
// oxlint-disable-next-line import/no-default-export
export default function quickWidth(text: string, options?: Options): number {
  return (options === undefined ? loneWidth(text) : null) ?? stringWidth(text, options);
}

/** Cells of a text of lone signs, colours and attributes; null for a text that has anything else. */
function loneWidth(text: string): number | null {
  let width = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (isLone(unit)) {
      if (widths[unit] === UNKNOWN) widths[unit] = stringWidth(text[index]!);
      width += widths[unit]!;
    } else if (unit === ESC) {
      const end = sequenceEnd(text, index);
      if (end < 0) return null;
      index = end - 1;
    } else return null;
  }
  return width;
}
