import type { MouseAction } from './actions.ts';
import type { Rgb } from '../text/colour-depth.ts';

/** Asks the terminal to report presses, drags and the wheel, in the SGR form (xterm, "Mouse Tracking"). */
export const MOUSE_ON = '\x1b[?1000h\x1b[?1002h\x1b[?1006h';
export const MOUSE_OFF = '\x1b[?1006l\x1b[?1002l\x1b[?1000l';
/** Asks for the background colour (xterm, OSC 11). */
export const ASK_BACKGROUND = '\x1b]11;?\x07';

/** The parsed input of a terminal. */
export interface TerminalInput {
  /** Keys and pasted text, unchanged. */
  readonly keys: string;
  readonly mouse: readonly MouseAction[];
  readonly background: Rgb | null;
  /** The start of an incomplete report. */
  readonly rest: string;
}

const REPORT = /\x1b\[<(\d+);(\d+);(\d+)([Mm])|\x1b\]11;rgb:([0-9a-f/]+)(?:\x07|\x1b\\)/gi;
const UNFINISHED = /\x1b(?:\[<[\d;]{0,40}|\](?:1(?:1(?:;[^\x07\x1b]{0,40}\x1b?)?)?)?)$/;

/** Separates reports from keys. */
export function splitInput(text: string): TerminalInput {
  const mouse: MouseAction[] = [];
  let background: Rgb | null = null;
  const keys = text.replace(
    REPORT,
    (_whole, button?: string, x?: string, y?: string, end?: string, rgb?: string) => {
      if (rgb !== undefined) background = parseBackground(rgb) ?? background;
      else {
        const action = mouseAction(Number(button), Number(x), Number(y), end === 'M');
        if (action !== null) mouse.push(action);
      }
      return '';
    },
  );
  const rest = UNFINISHED.exec(keys)?.[0] ?? '';
  return { keys: rest === '' ? keys : keys.slice(0, -rest.length), mouse, background, rest };
}

function mouseAction(button: number, x: number, y: number, isPress: boolean): MouseAction | null {
  const at = { type: 'mouse', x: x - 1, y: y - 1 } as const;
  if (button & 64) {
    if ((button & 3) > 1) return null;
    return { ...at, kind: button & 1 ? 'wheel-down' : 'wheel-up' };
  }
  if (!isPress) return { ...at, kind: 'release' };
  // Only the left button is used.
  if ((button & 3) !== 0) return null;
  return { ...at, kind: button & 32 ? 'drag' : 'press' };
}

/** `rrrr/gggg/bbbb`, each part of one to four digits. */
function parseBackground(rgb: string): Rgb | null {
  const parts = rgb.split('/');
  if (parts.length !== 3 || parts.some((part) => !/^[0-9a-f]{1,4}$/i.test(part))) return null;
  const channel = (part: string): number =>
    Math.round((Number.parseInt(part, 16) / (16 ** part.length - 1)) * 255);
  return [channel(parts[0]!), channel(parts[1]!), channel(parts[2]!)];
}
