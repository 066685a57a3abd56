import { listLocalImages } from '../image/engines/local-images.ts';
import type { PickAction } from '../tui/pick.ts';
import { type SessionOptions, signalOf } from '../session/session-options.ts';

/**
 * Asks the local engines for their images. Dispatches each answer as it arrives, for at most two seconds.
 * @returns false if no engine is installed
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
