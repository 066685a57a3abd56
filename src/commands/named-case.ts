import path from 'node:path';
import { makeDirectory } from '../case/make-directory.ts';
import { Problem } from '../problem.ts';
import { AUTO, defaultCaseFile } from '../session/case-path.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { openImage } from './open-for-command.ts';

const PREFIX = `${AUTO}:`;

/** A case file, and the image named with it, if any. */
export interface NamedCase {
  readonly file: string;
  readonly image: string | undefined;
}

/**
 * Resolves the FILE argument of a `case` command: `auto:IMAGE` means the default case of that image.
 * @param image the IMAGE argument, if any
 * @throws Problem `usage` if two images are named, `case-unusable` if the directory cannot be created; as
 * {@link openImage} does
 */
export async function namedCase(
  given: string,
  image: string | undefined,
  options: CommonOptions,
  context: CommandContext,
): Promise<NamedCase> {
  if (!given.startsWith(PREFIX)) return { file: given, image };
  const named = given.slice(PREFIX.length);
  if (image !== undefined && image !== named) {
    throw new Problem('usage', `${given} already names the image; remove ${image}`);
  }
  const wanted = named === '' ? undefined : named;
  const { id } = await openImage(wanted, options, context);
  const file = defaultCaseFile(id, context.env);
  try {
    makeDirectory(path.dirname(file), 0o700);
  } catch (error) {
    throw new Problem('case-unusable', `cannot create ${path.dirname(file)}: ${(error as Error).message}`);
  }
  return { file, image: wanted };
}
