import type { ScanListener } from '../session/listener.ts';
import { humanSize } from '../text/size.ts';

/** Minimum interval between redraws, in milliseconds. */
const REDRAW = 200;
const CLEAR = '\r\x1b[2K';

const SILENT: ScanListener = { update: () => {}, end: () => {} };

/**
 * Shows the progress of a scan on standard error, if it is a terminal. A short scan shows nothing.
 */
export function searchProgress(
  stderr: NodeJS.WriteStream | undefined,
  quiet: boolean,
  now: () => number = Date.now,
): ScanListener {
  if (stderr?.isTTY !== true || quiet) return SILENT;
  let drawnAt = now();
  let drawn = false;
  const clear = (): void => {
    if (drawn) stderr.write(CLEAR);
    drawn = false;
  };
  // An interrupted program leaves no half line before the prompt.
  process.on('exit', clear);
  return {
    update(done, total) {
      if (now() - drawnAt < REDRAW || total === 0) return;
      drawnAt = now();
      const share = Math.floor((done / total) * 100);
      stderr.write(`${CLEAR}scanning: ${humanSize(done)} of ${humanSize(total)}, ${share} %`);
      drawn = true;
    },
    end() {
      process.removeListener('exit', clear);
      clear();
    },
  };
}
