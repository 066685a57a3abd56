import { createInterface } from 'node:readline/promises';
import { Problem } from '../problem.ts';
import type { CommandContext } from './context.ts';

/**
 * Asks the user to confirm that credentials are written in plain text. With `--yes`, it does not ask.
 * @throws Problem `usage` if there is no terminal to ask on, or if the answer is not yes
 */
export async function askReveal(
  file: string,
  { yes }: { readonly yes?: boolean },
  { signal, stderr, stdin }: Pick<CommandContext, 'signal' | 'stderr' | 'stdin'>,
): Promise<void> {
  if (yes === true) return;
  if (!stdin.isTTY || !stderr.isTTY) {
    throw new Problem(
      'usage',
      '--reveal writes credentials in plain text; without a terminal to confirm it on, add --yes',
    );
  }
  const asking = createInterface({ input: stdin, output: stderr });
  try {
    // If the input ends without an answer, question() never settles.
    const ended = new Promise<string>((resolve) => asking.once('close', () => resolve('')));
    const question = `${file} will contain every credential found, in plain text. Type yes to write it: `;
    const answer = await Promise.race([asking.question(question, { signal }), ended]);
    if (answer.trim().toLowerCase() === 'yes') return;
  } catch (error) {
    if (signal.aborted) throw new Problem('cancelled', 'cancelled');
    throw error;
  } finally {
    asking.close();
  }
  throw new Problem('usage', 'the answer was not yes; nothing was written');
}
