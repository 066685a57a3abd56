import { listLocalImages } from '../image/engines/local-images.ts';
import type { PickAction } from '../tui/pick.ts';
import { type SessionOptions, signalOf } from '../session/session-options.ts';

/**
 * Asks the local engines for their images, for the picker that stands for a missing IMAGE. Each answer
 * becomes an action as it comes; the slowest engine has two seconds.
 * @returns false where no engine is installed: then there is nothing to pick from but the demonstration
 */
export async function feedPick(
  options: Pick<SessionOptions, 'engine' | 'env' | 'signal'>,
  dispatch: (action: PickAction) => void,
): Promise<boolean> {
  const answers = await listLocalImages({
    env: options.env ?? {},
    signal: signalOf(options),
    cli: options.engine ?? null,
    onEngine: (answer) => dispatch({ type: 'answered', answer }),
  });
  dispatch({ type: 'all-answered' });
  return answers.length > 0;
}
