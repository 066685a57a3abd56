import path from 'node:path';
import { makeDirectory } from '../case/make-directory.ts';
import { Problem } from '../problem.ts';
import { AUTO, defaultCaseFile } from '../session/case-path.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { openImage } from './open-for-command.ts';

const PREFIX = `${AUTO}:`;

/** A case's file, and the image that was named with it, where one was: undefined for the demonstration. */
export interface NamedCase {
  readonly file: string;
  readonly image: string | undefined;
}

/**
 * The file that a command of `case` means: `auto:IMAGE` is the case of that image in the state folder.
 * @param image as it was named beside the file
 * @throws Problem `usage` where the folder cannot be made or two images are named; those of opening an image
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
    throw new Problem('usage', `${given} names the image already; leave ${image} out`);
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
