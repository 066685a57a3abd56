import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.join(import.meta.dirname, '../../../shared/engine-transcripts');

/** Whether tests with the words of real engines are to be left out, and a reason for their title. */
export const TRANSCRIPTS = existsSync(FOLDER)
  ? { skip: false, reason: '' }
  : { skip: true, reason: ' (skipped: no ../shared/engine-transcripts beside the project)' };

/** What a real engine printed once. */
export function transcript(name: string): string {
  return readFileSync(path.join(FOLDER, name), 'utf8');
}
