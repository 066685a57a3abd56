import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const top = path.join(import.meta.dirname, '../..');

/** A command as a page shows it, and the lines of output that follow it in a code block. */
export interface ShownCommand {
  readonly page: string;
  readonly text: string;
  readonly output: readonly string[];
}

/** A fenced or indented code block. */
const BLOCK = /^```(\w*)\n([^]*?)^```|(?<=\n\n)((?: {4}.*\n)+)/gm;
const SPAN = /`([^`\n]+)`/g;

/** Returns every `exhume …` command in the README, CONTRIBUTING and docs, each text once. */
export function shownCommands(): ShownCommand[] {
  const commands = pages().flatMap(([page, text]) => [
    ...blocks(text).flatMap(({ body }) => inBlock(page, body)),
    ...inProse(page, text.replaceAll(BLOCK, '')),
  ]);
  const byText = new Map<string, ShownCommand>();
  for (const command of commands) {
    const known = byText.get(command.text);
    if (known === undefined || known.output.length === 0) byText.set(command.text, command);
  }
  return [...byText.values()];
}

/** Returns the options that pages mention on their own, as in `--layer N`. */
export function mentionedOptions(): { page: string; option: string }[] {
  return pages().flatMap(([page, text]) =>
    [...text.replaceAll(BLOCK, '').matchAll(SPAN)].flatMap(([, span]) => {
      const option = /^--[a-z-]+/.exec(span!)?.[0];
      return option === undefined ? [] : [{ page, option }];
    }),
  );
}

/** Returns the code blocks of one language on a page of docs, in order. */
export function codeBlocks(page: string, language: string): string[] {
  const text = readFileSync(path.join(top, page), 'utf8');
  return blocks(text)
    .filter((block) => block.language === language)
    .map(({ body }) => body);
}

function pages(): [page: string, text: string][] {
  const docs = readdirSync(path.join(top, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)].map((page) => [
    page,
    readFileSync(path.join(top, page), 'utf8'),
  ]);
}

function blocks(text: string): { language: string; body: string }[] {
  return [...text.matchAll(BLOCK)].map(([, language, fenced, indented]) => ({
    language: language ?? '',
    body: fenced ?? indented!.replaceAll(/^ {4}/gm, ''),
  }));
}

/** In a block, output follows a command that begins with `$`. */
function inBlock(page: string, body: string): ShownCommand[] {
  const commands: { page: string; text: string; output: string[] }[] = [];
  let isOutput = false;
  for (const line of body.split('\n')) {
    const text = exhumePart(line.replace(/^\$ /, ''));
    if (text !== null) commands.push({ page, text, output: [] });
    else if (isOutput && line !== '') commands.at(-1)?.output.push(line);
    isOutput = line.startsWith('$ ') || (isOutput && text === null);
  }
  return commands;
}

/** In the row of a table that begins with a command, the options in other cells belong to it. */
function inProse(page: string, text: string): ShownCommand[] {
  return text.split('\n').flatMap((line) => {
    const spans = [...line.matchAll(SPAN)].map(([, span]) => span!.replaceAll('\\|', '|'));
    const commands = spans.flatMap((span) => exhumePart(span) ?? []);
    const first = /^\| *`exhume /.test(line) ? commands[0] : undefined;
    const options = first === undefined ? [] : spans.filter((span) => span.startsWith('--'));
    return [...commands, ...options.map((option) => `${first} ${option}`)].map((command) => ({
      page,
      text: command,
      output: [],
    }));
  });
}

/** Returns the part of a pipeline that runs exhume, or null. */
function exhumePart(line: string): string | null {
  return line.split(' | ').find((part) => part.startsWith('exhume ')) ?? null;
}
