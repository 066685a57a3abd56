import { exactSize } from './size.ts';

/** Returns a number with its noun, singular or plural: `1 file`, `1,200 files`. */
export function quantity(value: number, noun: string, plural = `${noun}s`): string {
  return `${exactSize(value)} ${value === 1 ? noun : plural}`;
}
