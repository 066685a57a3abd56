import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.join(import.meta.dirname, '../../../shared/engine-transcripts');

/** Whether to skip tests with messages of real engines, and the reason for their title. */
export const TRANSCRIPTS = existsSync(FOLDER)
  ? { skip: false, reason: '' }
  : { skip: true, reason: ' (skipped: no ../shared/engine-transcripts beside the project)' };

/** Returns the recorded output of a real engine. */
export function transcript(name: string): string {
  return readFileSync(path.join(FOLDER, name), 'utf8');
}
