import { listLocalImages } from '../image/engines/local-images.ts';
import type { PickAction } from '../tui/pick.ts';
import type { CommandContext, CommonOptions } from '../commands/context.ts';

/**
 * Asks the local engines for their images, for the picker that stands for a missing IMAGE. Each answer
 * becomes an action as it comes; the slowest engine has two seconds.
 * @returns false where no engine is installed: then there is nothing to pick from but the demonstration
 */
export async function feedPick(
  options: Pick<CommonOptions, 'engine'>,
  context: CommandContext,
  dispatch: (action: PickAction) => void,
): Promise<boolean> {
  const answers = await listLocalImages({
    env: context.env,
    signal: context.signal,
    cli: options.engine ?? null,
    onEngine: (answer) => dispatch({ type: 'answered', answer }),
  });
  dispatch({ type: 'all-answered' });
  return answers.length > 0;
}
