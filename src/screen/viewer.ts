import { spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { safeSegment } from '../case/safe-name.ts';
import { readContents } from '../layer/content.ts';
import type { Extent } from '../bytes/source.ts';
import { Problem } from '../problem.ts';
import { openTerminal } from './key-input.ts';

/** Which of the user's programs to use. */
export type Viewer = 'pager' | 'editor';

/**
 * Shows a file's content in `$PAGER` or `$EDITOR`, from a private copy of mode 0400 that is removed
 * afterwards. The image is never written. The caller releases the terminal first and takes it back after.
 * @param name the file's own name, made safe and kept so that the editor detects the language
 * @throws Problem `write-failed`, or `engine` if the program cannot be started
 */
export async function viewContent(
  viewer: Viewer,
  content: { readonly extent: Extent; readonly headerOffset: number; readonly name: string },
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'exhume-view-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.on('exit', remove);
  try {
    const file = path.join(folder, safeSegment(content.name));
    await copyTo(file, content.extent, content.headerOffset);
    const [command, ...args] = viewerCommand(viewer, env);
    if (!(await runOnTerminal(command!, [...args, file]))) {
      throw new Problem('engine', `cannot start ${command}; set $${viewer === 'pager' ? 'PAGER' : 'EDITOR'}`);
    }
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/**
 * Runs a program on the terminal until it ends. Its standard input is the terminal even if that of this process
 * is the image.
 * @returns false if it cannot be started
 */
async function runOnTerminal(command: string, argv: readonly string[]): Promise<boolean> {
  const terminal = process.stdin.isTTY ? null : openTerminal();
  try {
    return await new Promise<boolean>((resolve) => {
      const child = spawn(command, argv, { stdio: [terminal ?? 'inherit', 'inherit', 'inherit'] });
      child.once('error', () => resolve(false));
      child.once('exit', () => resolve(true));
    });
  } finally {
    if (terminal !== null) closeSync(terminal);
  }
}

/** Returns the user's program and its arguments, split at spaces; never passed to a shell. */
export function viewerCommand(viewer: Viewer, env: NodeJS.ProcessEnv): string[] {
  const chosen = viewer === 'pager' ? env['PAGER'] : (env['VISUAL'] ?? env['EDITOR']);
  const words = (chosen ?? '').split(/\s+/).filter((word) => word !== '');
  if (words.length > 0) return words;
  return viewer === 'pager' ? ['less'] : ['vi'];
}

async function copyTo(file: string, extent: Extent, headerOffset: number): Promise<void> {
  const fd = openSync(file, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o400);
  try {
    await readContents(extent, [headerOffset], {
      chunk(bytes) {
        for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
      },
      end() {
        // A truncated file is shown as far as it goes.
      },
    });
  } catch (error) {
    throw new Problem(
      'write-failed',
      `cannot copy the file to ${tmpdir()}: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    closeSync(fd);
  }
}
