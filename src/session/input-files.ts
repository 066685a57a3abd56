import { existsSync } from 'node:fs';
import { keyFileOf } from '../case/case-file.ts';
import type { InputFile } from '../case/output-target.ts';
import { parseReference } from '../image/reference.ts';
import type { CommandContext } from '../commands/context.ts';

/** What a command reads. */
export interface Inputs {
  /** Images as they were named; undefined for the demonstration. */
  readonly images: readonly (string | undefined)[];
  /** The case, with its key. */
  readonly case?: string | null;
  /** Other files: configuration, reports, kept archives. */
  readonly files?: readonly (string | undefined)[];
}

/**
 * The files that a command reads and so must not write: evidence stays as it is.
 * @throws Problem `usage` for a name that cannot be one of an image
 */
export function inputFiles(
  { case: caseFile, files, images }: Inputs,
  { stdin }: Pick<CommandContext, 'stdin'>,
): readonly InputFile[] {
  const inputs: (InputFile | undefined)[] = [...(files ?? [])];
  for (const name of images) {
    const reference = parseReference(name, existsSync);
    if (reference.kind === 'path') inputs.push(reference.path);
    // A stream that a test puts in its place has no descriptor.
    if (reference.kind === 'stdin') inputs.push((stdin as { fd?: number }).fd);
  }
  if (caseFile != null) inputs.push(caseFile, keyFileOf(caseFile));
  return inputs.filter((input) => input !== undefined);
}
