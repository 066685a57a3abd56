import { createInterface } from 'node:readline/promises';
import { Problem } from '../problem.ts';
import type { CommandContext } from './context.ts';

/**
 * Makes sure that a person wants credentials written out: on a terminal by asking for the word, elsewhere
 * by `--yes`.
 * @throws Problem `usage` where there is nobody to ask, or the answer is another one
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
      '--reveal writes credentials in the clear; without a terminal to ask at it takes --yes too',
    );
  }
  const asking = createInterface({ input: stdin, output: stderr });
  try {
    // Where the input ends unanswered, the question itself would never come back.
    const ended = new Promise<string>((resolve) => asking.once('close', () => resolve('')));
    const question = `${file} will hold every credential that was found, in the clear. Type yes to write it: `;
    const answer = await Promise.race([asking.question(question, { signal }), ended]);
    if (answer.trim().toLowerCase() === 'yes') return;
  } catch (error) {
    if (signal.aborted) throw new Problem('cancelled', 'cancelled');
    throw error;
  } finally {
    asking.close();
  }
  throw new Problem('usage', 'nothing was written: the answer was not yes');
}
