import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { Surroundings } from './surroundings.ts';

/** The process's own terminal, whatever standard input is: tty(4). */
const TERMINAL = '/dev/tty';

/** A terminal that keys are read from. */
export interface KeyInput {
  readonly stdin: NodeJS.ReadStream;
  readonly close: () => void;
}

/**
 * Opens where the full-screen program reads its keys: standard input, or `/dev/tty` if the image comes
 * through standard input, as less and fzf do.
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
  } catch {
    return null;
  }
}

/**
 * Reads a terminal as `process.stdin` does: a paused stream leaves the next key to whoever has the
 * terminal then. Of other streams only those with `onread` stop reading when they are paused.
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
