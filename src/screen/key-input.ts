import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { isSystemError } from '../bytes/system-error.ts';
import type { Surroundings } from './surroundings.ts';

/** The controlling terminal of the process, see tty(4). */
const TERMINAL = '/dev/tty';

/** A terminal that keys are read from. */
export interface KeyInput {
  readonly stdin: NodeJS.ReadStream;
  readonly close: () => void;
}

/**
 * Opens the terminal that keys are read from: standard input or, as in less and fzf, `/dev/tty` if the image
 * comes from standard input.
 * @param name the image as the user named it
 * @returns null if there is no terminal to read from or to draw on
 */
export function openKeyInput(
  name: string | undefined,
  { stdin, stdout, env }: Omit<Surroundings, 'signal'>,
): KeyInput | null {
  if (!stdout.isTTY || env['TERM'] === 'dumb') return null;
  if (stdin.isTTY) return { stdin, close: () => {} };
  if (name !== '-') return null;
  const fd = openTerminal();
  if (fd === null) return null;
  const terminal = readKeys(fd);
  return { stdin: terminal, close: () => void terminal.destroy() };
}

/** Opens the controlling terminal. @returns a file descriptor; null if the process has no terminal */
export function openTerminal(): number | null {
  try {
    return openSync(TERMINAL, 'r');
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return null;
  }
}

/**
 * Reads a terminal as `process.stdin` does: while paused, it does not consume keys meant for another program.
 * Among other streams, only those with `onread` stop reading when paused.
 */
function readKeys(fd: number): ReadStream {
  const terminal: ReadStream = new ReadStream(fd, {
    onread: {
      buffer: new Uint8Array(4096),
      callback(length, buffer) {
        terminal.emit('data', Buffer.from(buffer.subarray(0, length)));
        return true;
      },
    },
  });
  return terminal;
}
