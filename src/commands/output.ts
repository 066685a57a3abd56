import { escapeText } from '../text/escape.ts';
import { toJson } from '../text/json.ts';
import type { CommandContext } from './context.ts';

/** Approximate number of characters collected before they are written. */
const BATCH = 64 * 1024;

/** Writes to a stream, and waits until it accepts more. */
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
 * Writes one JSON object. A long list is written element by element, so that it never becomes one string.
 * @param head the other fields of the object
 * @param list the name and the elements of the list, written last
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

/** Prints a notice on standard error, unless `quiet` is true. */
export function notice(
  context: Pick<CommandContext, 'stderr'>,
  quiet: boolean | undefined,
  text: string,
): void {
  if (quiet !== true) context.stderr.write(`exhume: ${escapeText(text)}\n`);
}
