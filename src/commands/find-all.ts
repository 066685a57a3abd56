import { compareFindings, type Finding } from '../finding/finding.ts';
import type { OpenedImage } from './open-image.ts';
import type { CommandContext } from './context.ts';

/** What decides what is looked for. */
export interface FindOptions {
  /** Configuration file (`exhume.yaml`), where one is given. */
  readonly config?: string;
}

/**
 * Looks for everything: secrets on every surface, and posture.
 * @returns loud findings first, see {@link compareFindings}
 * @throws Problem `usage` for a configuration that is wrong, `cancelled`
 */
export async function findAll(
  _opened: OpenedImage,
  _options: FindOptions,
  _context: CommandContext,
): Promise<Finding[]> {
  const found: Finding[] = [];
  return found.toSorted(compareFindings);
}
