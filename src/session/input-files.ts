import { existsSync } from 'node:fs';
import { keyFileOf } from '../case/case-file.ts';
import type { InputFile } from '../case/output-target.ts';
import { parseReference } from '../image/reference.ts';
import type { StandardInput } from './session-options.ts';

/** What a session reads. */
export interface Inputs {
  /** Images as they were named; undefined for the demonstration. */
  readonly images: readonly (string | undefined)[];
  /** The case, with its key. */
  readonly case?: string | null;
  /** Other files: configuration, reports, kept archives. */
  readonly files?: readonly (string | undefined)[];
}

/**
 * Lists the files that a session reads and so must not write: evidence stays as it is.
 * @param stdin standard input, for an image named `-`
 * @throws Problem `usage` for a name that cannot be one of an image
 */
export function inputFiles(
  { case: caseFile, files, images }: Inputs,
  stdin: StandardInput | undefined,
): readonly InputFile[] {
  const inputs: (InputFile | undefined)[] = [...(files ?? [])];
  for (const name of images) {
    const reference = parseReference(name, existsSync);
    if (reference.kind === 'path') inputs.push(reference.path);
    // A stream that is not the process's own may have no descriptor.
    if (reference.kind === 'stdin') inputs.push(stdin?.fd);
  }
  if (caseFile != null) inputs.push(caseFile, keyFileOf(caseFile));
  return inputs.filter((input) => input !== undefined);
}
