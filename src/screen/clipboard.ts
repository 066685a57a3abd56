import '../image/engines/set-union.ts';
import { execa } from 'execa';

/** Terminals cut longer OSC 52 sequences off, or ignore them. */
const OSC52_LIMIT = 74_994;

/** How a text reached the clipboard, or why not. */
export type Copied = 'tool' | 'terminal' | 'too-long' | 'nowhere';

/** Programs that set the clipboard, by the variable that says they can. */
const TOOLS: readonly {
  readonly when: string;
  readonly command: string;
  readonly args: readonly string[];
}[] = [
  { when: 'WAYLAND_DISPLAY', command: 'wl-copy', args: [] },
  { when: 'DISPLAY', command: 'xclip', args: ['-selection', 'clipboard'] },
];

/**
 * Copies a text: by the desktop's tool where there is one, else by OSC 52, which reaches the
 * clipboard of the terminal's own machine through ssh and tmux.
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

/** The sequence that sets the clipboard (xterm's OSC 52), wrapped for tmux and screen; null where it is too long. */
export function osc52(text: string, env: NodeJS.ProcessEnv): string | null {
  const sequence = `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
  if (sequence.length > OSC52_LIMIT) return null;
  if (env['TMUX'] !== undefined) return `\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`;
  if (env['TERM']?.startsWith('screen') === true) return `\x1bP${sequence}\x1b\\`;
  return sequence;
}
