import { startPick, updatePick } from '../tui/pick.ts';
import type { SessionOptions } from '../session/session-options.ts';
import { feedPick } from './pick-image.ts';
import type { ScreenOptions } from './screen-options.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Offers the images of the local engines if no image was named. If there are none, opens the demonstration
 * image without asking.
 * @returns what to open: undefined for the demonstration, null for nothing
 * @throws Problem `cancelled` when the signal fires
 */
export async function pickLocal(
  options: Pick<SessionOptions, 'engine'>,
  { mouse, spoken }: Pick<ScreenOptions, 'mouse' | 'spoken'>,
  { env, signal, stdin, stdout }: Surroundings,
): Promise<string | undefined | null> {
  let pick = startPick();
  await feedPick({ ...options, env, signal }, (action) => {
    pick = updatePick(pick, action);
  });
  if (pick.rows.length === 1) return undefined;
  const now = new Date();
  if (spoken) {
    const { pickByLines } = await import('./pick-by-lines.ts');
    const said = await pickByLines(pick, { stdin, stdout, signal, now });
    return said === 'demo' ? undefined : (said?.reference ?? null);
  }
  const { startPicker } = await import('../../components/start-pick.tsx');
  const picked = await startPicker({ pick, now, stdin, stdout, env, mouse });
  switch (picked.kind) {
    case 'image':
      return picked.reference;
    case 'demo':
      return undefined;
    case 'left':
      return null;
  }
}
