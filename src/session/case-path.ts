import path from 'node:path';
import { stateFolder } from './state-folder.ts';

/** Stands for the case of the image that is open, in `--case auto`. */
export const AUTO = 'auto';

/** Where the case of an image is if no file is named: in XDG's state directory, by the image's digest. */
export function defaultCaseFile(imageId: string, env: NodeJS.ProcessEnv): string {
  return path.join(stateFolder(env), 'cases', `${imageId.replaceAll(/[^a-z0-9]/g, '-')}.json`);
}

/** The file that `--case` means: `auto` is the one of the image that is open. */
export function caseOption(given: string, imageId: string, env: NodeJS.ProcessEnv): string {
  return given === AUTO ? defaultCaseFile(imageId, env) : given;
}
