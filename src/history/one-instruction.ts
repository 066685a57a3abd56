import type { DockerfileLine } from './dockerfile-line.ts';

/**
 * Ensures that a recorded text stays a single instruction. A builder starts a new instruction after each
 * line break that is not escaped by a backslash or in a comment or a here-document (Dockerfile reference,
 * "Format"); such line breaks are written as `\x0a`.
 */
export function oneInstruction<T extends Pick<DockerfileLine, 'text' | 'note'>>(line: T): T {
  const { note, text } = line;
  if (!text.includes('\n') || isOne(text.split('\n'))) return line;
  const reason = 'contains a line break, which a Dockerfile cannot express';
  return {
    ...line,
    text: text.replaceAll('\n', String.raw`\x0a`),
    note: note === null ? reason : `${note}; ${reason}`,
  };
}

function isOne(lines: readonly string[]): boolean {
  if (lines.every((line) => line.startsWith('#'))) return true;
  const end = /^RUN <<(\w+)$/.exec(lines[0]!)?.[1];
  if (end !== undefined) return lines.indexOf(end) === lines.length - 1;
  return lines.slice(0, -1).every((line) => line.endsWith('\\'));
}
