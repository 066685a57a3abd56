import { escapeText } from '../text/escape.ts';
import { toJson } from '../text/json.ts';
import type { CommandContext } from './context.ts';

/** Lines are collected to about this many characters before they are written. */
const BATCH = 64 * 1024;

/** Writes to a stream and waits where its reader is slow. */
export async function write(stream: NodeJS.WritableStream, text: string | Uint8Array): Promise<void> {
  if (!stream.write(text)) await new Promise<void>((resolve) => stream.once('drain', resolve));
}

/** Writes lines in batches. */
export async function writeLines(stream: NodeJS.WritableStream, lines: Iterable<string>): Promise<void> {
  let batch = '';
  for (const line of lines) {
    batch += `${line}\n`;
    if (batch.length < BATCH) continue;
    await write(stream, batch);
    batch = '';
  }
  if (batch !== '') await write(stream, batch);
}

/**
 * Writes one JSON object, with its long list element by element, so that a list of a million
 * entries is never one string.
 * @param head the object's other fields
 * @param list name and elements of the long list, written last
 */
export async function writeJson(
  stream: NodeJS.WritableStream,
  head: Readonly<Record<string, unknown>>,
  list?: { readonly name: string; readonly items: Iterable<unknown> },
): Promise<void> {
  if (list === undefined) {
    await write(stream, `${toJson(head)}\n`);
    return;
  }
  const opening = toJson(head).replace(/\n\}$/, '');
  await write(stream, `${opening},\n  ${JSON.stringify(list.name)}: [`);
  let batch = '';
  let first = true;
  for (const item of list.items) {
    batch += `${first ? '' : ','}\n    ${toJson(item, 0)}`;
    first = false;
    if (batch.length < BATCH) continue;
    await write(stream, batch);
    batch = '';
  }
  await write(stream, `${batch}${first ? '' : '\n  '}]\n}\n`);
}

/** Tells the user something on standard error, unless they asked for quiet. */
export function notice(
  context: Pick<CommandContext, 'stderr'>,
  quiet: boolean | undefined,
  text: string,
): void {
  if (quiet !== true) context.stderr.write(`exhume: ${escapeText(text)}\n`);
}
