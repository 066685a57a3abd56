import type { Subject } from './subject.ts';

/** A RUN of the history, split into its commands. */
export interface RunCommands {
  readonly entry: number;
  /** The words of each command, split at `&&`, `||`, `;`, `|` and line breaks; quotes are kept. */
  readonly commands: readonly (readonly string[])[];
  readonly text: string;
}

/** Returns all RUN instructions of the history. */
export function runsOf({ history }: Subject): RunCommands[] {
  return history.instructions.flatMap(({ keyword, text }, entry) => {
    if (keyword !== 'RUN') return [];
    const body = text.slice('RUN '.length);
    return [{ entry, text: body, commands: splitCommands(body) }];
  });
}

/**
 * Splits a shell script into commands. Separators in quotes do not count; a quote that is never closed is
 * ignored. Takes linear time, because the text comes from the image.
 */
export function splitCommands(text: string): string[][] {
  const commands: string[][] = [];
  let current: string[] = [];
  const unclosed = new Set<string>();
  for (let at = 0; at < text.length;) {
    const character = text[at]!;
    if (/[;|&\n]/.test(character)) {
      if (current.length > 0) commands.push(current);
      current = [];
      at++;
    } else if (character === '"' || character === "'") {
      const end = unclosed.has(character) ? -1 : closing(text, at);
      if (end < 0) unclosed.add(character);
      else current.push(text.slice(at, end + 1));
      at = end < 0 ? at + 1 : end + 1;
    } else if (/\s/.test(character)) {
      at++;
    } else {
      const start = at;
      while (at < text.length && !/[\s;|&"']/.test(text[at]!)) at++;
      current.push(text.slice(start, at));
    }
  }
  if (current.length > 0) commands.push(current);
  return commands;
}

/** Returns the index of the closing quote, or -1. A backslash escapes only within double quotes. */
function closing(text: string, start: number): number {
  const quote = text[start]!;
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === quote) return at;
    if (text[at] === '\\' && quote === '"') at++;
  }
  return -1;
}

/** Returns the name of the program of a command. Skips leading assignments and words such as `exec` and `env`. */
export function programOf(command: readonly string[]): string {
  const word = command.find(
    (each) =>
      !/^[A-Za-z_]\w*=/.test(each) && !/^(?:exec|env|time|nice|if|then|do|else|!|\(|\{|set)$/.test(each),
  );
  return (word ?? '').split('/').at(-1) ?? '';
}
