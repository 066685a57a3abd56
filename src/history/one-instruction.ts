import type { DockerfileLine } from './dockerfile-line.ts';

/**
 * Keeps a recorded text from becoming several instructions: a builder starts a new one after each line
 * break that is not continued by a backslash, in a comment or in a here-document (Dockerfile reference,
 * "Format"). Other line breaks are written as `\x0a`.
 */
export function oneInstruction<T extends Pick<DockerfileLine, 'text' | 'note'>>(line: T): T {
  const { note, text } = line;
  if (!text.includes('\n') || isOne(text.split('\n'))) return line;
  const reason = 'a line break is recorded here, which a Dockerfile cannot hold';
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
