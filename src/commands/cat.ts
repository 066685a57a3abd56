import { readContents } from '../layer/content.ts';
import { type Resolution, newestEntry, resolveContent } from '../ledger/resolve.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Problem } from '../problem.ts';
import { pathText } from '../text/path-text.ts';
import { escapeControls } from '../text/escape.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { findPath } from './find-path.ts';
import { parseLayer } from './ls.ts';
import { openForCommand } from './open-for-command.ts';
import { notice, write } from './output.ts';

export interface CatOptions extends CommonOptions {
  readonly layer?: string;
  readonly raw?: boolean;
}

/**
 * `exhume cat IMAGE PATH`: prints the content of a file, deleted or not, from the given layer, else from the newest
 * layer that has it. On a terminal, control characters are made visible.
 */
export async function cat(
  name: string,
  wanted: string,
  options: CatOptions,
  context: CommandContext,
): Promise<void> {
  const opened = await openForCommand(name, options, context);
  const { ledger, image } = opened.stacked;
  const path = findPath(opened.stacked, wanted);
  const layer = options.layer === undefined ? null : parseLayer(options.layer, image.layers.length);
  const event = chooseEvent(ledger, path, layer, wanted);
  const resolution = resolveContent(ledger, event);
  if (resolution.kind !== 'file') throw notAFile(ledger, resolution, wanted);
  const { place } = resolution;
  if (place.path !== path)
    notice(context, options.quiet, `${wanted} is a link to ${pathText(ledger.paths.path(place.path))}`);
  const holder = ledger.entriesOf(place.layer);
  const visible = context.stdout.isTTY && options.raw !== true;
  const chunks: Uint8Array[] = [];
  let complete = false;
  let pending: Promise<void> = Promise.resolve();
  const damage = await readContents(
    image.layers[place.layer]!.blob!,
    [holder.headerOffset(place.entry)],
    {
      chunk(bytes) {
        if (visible) chunks.push(bytes.slice());
        else pending = pending.then(() => write(context.stdout, bytes.slice()));
      },
      end(_, whole) {
        complete = whole;
      },
    },
    context.signal,
  );
  await pending;
  if (visible) await write(context.stdout, visibleText(Buffer.concat(chunks)));
  if (!complete) {
    throw new Problem(
      'truncated',
      `${wanted}: ${damage?.message ?? `layer ${place.layer} ends inside the file`}; only the part before that was written`,
    );
  }
}

function chooseEvent(ledger: Ledger, path: number, layer: number | null, wanted: string): number {
  if (layer === null) {
    const event = newestEntry(ledger, path, ledger.layers.length - 1);
    if (event >= 0) return event;
    throw new Problem('no-such-path', `${wanted} is a directory without an entry of its own`);
  }
  const event = ledger.eventAt(path, layer);
  if (event >= 0 && ledger.layerOf(event) === layer && !ledger.isDeletion(event)) return event;
  const layers = ledger
    .line(path)
    .filter((each) => !ledger.isDeletion(each))
    .map((each) => ledger.layerOf(each));
  throw new Problem(
    'no-such-path',
    `layer ${layer} has no ${wanted}; ${layers.length === 0 ? 'no layer has an entry for it' : `it is in ${layers.length === 1 ? 'layer' : 'layers'} ${layers.join(', ')}`}`,
  );
}

function notAFile(
  ledger: Ledger,
  resolution: Exclude<Resolution, { kind: 'file' }>,
  wanted: string,
): Problem {
  switch (resolution.kind) {
    case 'directory':
      return new Problem(
        'no-such-path',
        `${pathText(ledger.paths.path(resolution.path))} is a directory; list its content with exhume ls --match '${wanted}/**'`,
      );
    case 'special':
      return new Problem('no-such-path', `${wanted} is a device or a FIFO and has no content`);
    case 'dangling':
      return new Problem(
        'no-such-path',
        `${wanted} is a link to ${pathText(resolution.target)}, which is not in any layer`,
      );
    case 'absent':
      return new Problem('no-such-path', `${wanted} does not exist`);
  }
}

/** Returns text that is safe on a terminal: control characters other than newlines and tabs are made visible. */
function visibleText(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('utf8')
    .split(/([\n\t])/)
    .map((part) => (part === '\n' || part === '\t' ? part : escapeControls(part)))
    .join('');
}
