import { execa, execaSync } from 'execa';

/** True if the tools are required: a missing one then fails the tests instead of skipping them. */
const REQUIRED = process.env['EXHUME_MADE'] === '1';

/**
 * Reports whether to skip tests that need these programs, with a reason for the title.
 * They run as root, to create devices and change owners, and if all programs are installed.
 */
export function wanting(...programs: string[]): { readonly skip: boolean; readonly reason: string } {
  const missing = programs.filter((name) => execaSync('which', [name], { reject: false }).exitCode !== 0);
  const reasons = missing.map((name) => `no ${name} on this machine`);
  if (process.getuid?.() !== 0) reasons.push('not root');
  const skip = reasons.length > 0 && !REQUIRED;
  return { skip, reason: skip ? ` (skipped: ${reasons.join(', ')})` : '' };
}

/**
 * Runs a program and returns its output.
 * @throws ExecaError with its error output if it fails
 */
export async function tool(program: string, ...argv: string[]): Promise<string> {
  const { stdout } = await execa(program, argv, { stdin: 'ignore', timeout: 1_200_000 });
  return stdout;
}
