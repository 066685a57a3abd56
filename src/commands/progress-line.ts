import type { ArrivalProgress } from '../image/engines/arriving.ts';
import type { ArrivalListener } from '../session/listener.ts';
import { escapeText } from '../text/escape.ts';
import { fit } from '../text/fit.ts';
import { humanSize } from '../text/size.ts';
import type { CommandContext } from './context.ts';

/** On a terminal the line is drawn anew this often, in milliseconds. */
const REDRAW = 200;
/** Elsewhere a line is written this often, and none for what is done sooner. */
const PLAIN_INTERVAL = 4000;
const CLEAR = '\r\x1b[2K';

const SILENT: ArrivalListener = { waitFor: () => {}, update: () => {}, end: () => {} };

/**
 * Shows on standard error how an image arrives: bytes, bytes a second, layers so far. On a terminal one line is drawn
 * over and over; elsewhere a plain line is written every few seconds.
 * @param what the image's name; escaped here
 * @param quiet with `--quiet` nothing is shown
 */
export function progressLine(
  context: Pick<CommandContext, 'stderr'>,
  what: string,
  quiet: boolean,
): ArrivalListener {
  if (quiet) return SILENT;
  const { stderr } = context;
  const name = escapeText(what);
  const terminal = stderr.isTTY === true;
  let program = '';
  let progress: ArrivalProgress | null = null;
  let asked = Date.now();
  let began = 0;
  let drawn = false;

  const state = (): string => {
    const now = Date.now();
    if (progress === null) return `: waiting for ${program}, ${Math.round((now - asked) / 1000)} s`;
    return `: ${arrivalText(progress, (now - began) / 1000)}`;
  };
  const clear = (): void => {
    if (drawn) stderr.write(CLEAR);
    drawn = false;
  };
  const draw = (): void => {
    const figures = state();
    if (terminal) {
      // A long name gives way to the figures, at its start: the tag stands at its end.
      const width = (stderr.columns ?? 80) - 1 - figures.length;
      stderr.write(`${CLEAR}${fit(name, width, { cut: 'start', pad: false })}${figures}`);
    } else stderr.write(`exhume: ${name}${figures}\n`);
    drawn = terminal;
  };
  const timer = setInterval(draw, terminal ? REDRAW : PLAIN_INTERVAL);
  timer.unref();
  // An interrupted program leaves no half line before the prompt.
  process.on('exit', clear);
  return {
    waitFor: (asking) => {
      program = escapeText(asking);
      progress = null;
      asked = Date.now();
    },
    update: (next) => {
      if (progress === null) began = Date.now();
      progress = next;
    },
    end: () => {
      clearInterval(timer);
      process.removeListener('exit', clear);
      clear();
    },
  };
}

/** `120 MB, 85 MB/s, 4 layers so far`. */
function arrivalText({ bytes, layers }: ArrivalProgress, seconds: number): string {
  const rate = seconds > 0 ? `, ${humanSize(bytes / seconds)}/s` : '';
  const known = layers === 0 ? '' : `, ${layers} ${layers === 1 ? 'layer' : 'layers'} so far`;
  return `${humanSize(bytes)}${rate}${known}`;
}
