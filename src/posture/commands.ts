import type { Subject } from './subject.ts';

/** A RUN of the history, taken apart into its commands. */
export interface RunCommands {
  readonly entry: number;
  /** The words of each command, split at `&&`, `||`, `;`, `|` and line breaks; quotes are kept. */
  readonly commands: readonly (readonly string[])[];
  readonly text: string;
}

/** All RUNs: what their shells were given. */
export function runsOf({ history }: Subject): RunCommands[] {
  return history.instructions.flatMap(({ keyword, text }, entry) => {
    if (keyword !== 'RUN') return [];
    const body = text.slice('RUN '.length);
    return [{ entry, text: body, commands: splitCommands(body) }];
  });
}

/** Splits a shell's text into commands. A separator in quotes is none. */
export function splitCommands(text: string): string[][] {
  const commands: string[][] = [];
  const parts = text.match(/"(?:[^"\\]|\\.)*"|'[^']*'|&&|\|\||[;|\n&]|[^\s;|&"']+/g) ?? [];
  let current: string[] = [];
  for (const part of parts) {
    if (/^(?:&&|\|\||[;|\n&])$/.test(part)) {
      if (current.length > 0) commands.push(current);
      current = [];
    } else current.push(part);
  }
  if (current.length > 0) commands.push(current);
  return commands;
}

/** The program of a command: assignments, `exec`, `env` and their like before it are passed over. */
export function programOf(command: readonly string[]): string {
  const word = command.find(
    (each) =>
      !/^[A-Za-z_]\w*=/.test(each) && !/^(?:exec|env|time|nice|if|then|do|else|!|\(|\{|set)$/.test(each),
  );
  return (word ?? '').split('/').at(-1) ?? '';
}
