import { execa, execaSync } from 'execa';

/** True where a run has to have the tools: then a missing one fails instead of skipping. */
const REQUIRED = process.env['EXHUME_MADE'] === '1';

/**
 * Whether tests that need these programs are to be left out, and a reason for their title.
 * They run where the programs are installed and the user may make devices and change owners.
 */
export function wanting(...programs: string[]): { readonly skip: boolean; readonly reason: string } {
  const missing = programs.filter((name) => execaSync('which', [name], { reject: false }).exitCode !== 0);
  const reasons = missing.map((name) => `no ${name} on this machine`);
  if (process.getuid?.() !== 0) reasons.push('not root');
  const skip = reasons.length > 0 && !REQUIRED;
  return { skip, reason: skip ? ` (skipped: ${reasons.join(', ')})` : '' };
}

/**
 * Runs a program to its end and gives what it printed.
 * @throws ExecaError with its messages when it fails
 */
export async function tool(program: string, ...argv: string[]): Promise<string> {
  const { stdout } = await execa(program, argv, { stdin: 'ignore', timeout: 1_200_000 });
  return stdout;
}
