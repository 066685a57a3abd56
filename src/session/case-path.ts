import path from 'node:path';
import { stateFolder } from './state-folder.ts';

/** The value of `--case` that means the default case of the open image. */
export const AUTO = 'auto';

/** Returns the default case file of an image: in the XDG state directory, named by the image ID. */
export function defaultCaseFile(imageId: string, env: NodeJS.ProcessEnv): string {
  return path.join(stateFolder(env), 'cases', `${imageId.replaceAll(/[^a-z0-9]/g, '-')}.json`);
}

/** Resolves the value of `--case`: `auto` means the default case of the open image. */
export function caseOption(given: string, imageId: string, env: NodeJS.ProcessEnv): string {
  return given === AUTO ? defaultCaseFile(imageId, env) : given;
}
