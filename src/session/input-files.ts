import { existsSync } from 'node:fs';
import { keyFileOf } from '../case/case-file.ts';
import type { InputFile } from '../case/output-target.ts';
import { parseReference } from '../image/reference.ts';
import type { StandardInput } from './session-options.ts';

/** The inputs of a session. */
export interface Inputs {
  /** Images as the user named them; undefined for the demonstration image. */
  readonly images: readonly (string | undefined)[];
  /** The case file; its key file is an input too. */
  readonly case?: string | null;
  /** Other files: configuration, reports, kept archives. */
  readonly files?: readonly (string | undefined)[];
}

/**
 * Returns the files that a session reads and therefore must never write.
 * @param stdin standard input, for an image named `-`
 * @throws Problem `usage` for an invalid image name
 */
export function inputFiles(
  { case: caseFile, files, images }: Inputs,
  stdin: StandardInput | undefined,
): readonly InputFile[] {
  const inputs: (InputFile | undefined)[] = [...(files ?? [])];
  for (const name of images) {
    const reference = parseReference(name, existsSync);
    if (reference.kind === 'path') inputs.push(reference.path);
    // A stream other than the process's own may have no descriptor.
    if (reference.kind === 'stdin') inputs.push(stdin?.fd);
  }
  if (caseFile != null) inputs.push(caseFile, keyFileOf(caseFile));
  return inputs.filter((input) => input !== undefined);
}
