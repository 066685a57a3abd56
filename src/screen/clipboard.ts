import '../image/engines/set-union.ts';
import { execa } from 'execa';

/** Terminals truncate or ignore longer OSC 52 sequences. */
const OSC52_LIMIT = 74_994;

/** How the text was copied, or why not. */
export type Copied = 'tool' | 'terminal' | 'too-long' | 'nowhere';

/** Programs that set the clipboard, with the environment variable that they need. */
const TOOLS: readonly {
  readonly when: string;
  readonly command: string;
  readonly args: readonly string[];
}[] = [
  { when: 'WAYLAND_DISPLAY', command: 'wl-copy', args: [] },
  { when: 'DISPLAY', command: 'xclip', args: ['-selection', 'clipboard'] },
];

/**
 * Copies a text with the desktop's tool if there is one, else with OSC 52, which reaches the clipboard of the
 * user's machine through ssh and tmux.
 */
export async function copyText(
  text: string,
  stdout: NodeJS.WriteStream,
  env: NodeJS.ProcessEnv,
): Promise<Copied> {
  for (const { when, command, args } of TOOLS) {
    if (env[when] === undefined || env[when] === '') continue;
    const result = await execa(command, [...args], {
      input: text,
      reject: false,
      timeout: 2000,
      stdout: 'ignore',
    });
    if (!result.failed) return 'tool';
  }
  if (!stdout.isTTY) return 'nowhere';
  const sequence = osc52(text, env);
  if (sequence === null) return 'too-long';
  stdout.write(sequence);
  return 'terminal';
}

/** Returns the sequence that sets the clipboard (xterm OSC 52), wrapped for tmux and screen; null if it is too long. */
export function osc52(text: string, env: NodeJS.ProcessEnv): string | null {
  const sequence = `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
  if (sequence.length > OSC52_LIMIT) return null;
  if (env['TMUX'] !== undefined) return `\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`;
  if (env['TERM']?.startsWith('screen') === true) return `\x1bP${sequence}\x1b\\`;
  return sequence;
}
