import {
  EVIDENCE_FILE,
  type EvidenceItem,
  prepareFolder,
  writeEvidence,
  writeRecord,
} from '../case/evidence.ts';
import { changeCase, readCaseAbout } from '../case/case-file.ts';
import { instructionOfLayer } from '../history/align.ts';
import { incompleteOf } from '../ledger/incomplete.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { newestEntry, resolveContent } from '../ledger/resolve.ts';
import { Problem } from '../problem.ts';
import { escapeText } from '../text/escape.ts';
import { humanSize } from '../text/size.ts';
import { lineFacts } from './case.ts';
import { caseOption } from './case-path.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { findPath } from './find-path.ts';
import { hashInput } from './hash-input.ts';
import { parseLayer } from './ls.ts';
import { readImage } from './open-image.ts';
import { notice, writeJson, writeLines } from './output.ts';
import { VERSION } from './version.ts';

export interface ExtractOptions extends CommonOptions {
  readonly output: string;
  readonly layer?: string;
  readonly case?: string;
  readonly operator?: string;
}

/** `exhume extract IMAGE PATH… -o DIR`: files, deleted ones too, with an evidence record. */
export async function extract(
  name: string,
  wanted: readonly string[],
  options: ExtractOptions,
  context: CommandContext,
): Promise<void> {
  const started = new Date().toISOString();
  const opened = await readImage(name, options, context);
  const { stacked } = opened;
  const file = options.case === undefined ? null : caseOption(options.case, stacked.image.id, context.env);
  // Before anything is written.
  if (file !== null) readCaseAbout(file, stacked.image.id);
  const layer = options.layer === undefined ? null : parseLayer(options.layer, stacked.image.layers.length);
  const events = [
    ...new Set(wanted.flatMap((path) => eventsBelow(stacked.ledger, findPath(stacked.ledger, path), layer))),
  ];
  if (events.length === 0) {
    throw new Problem('no-such-path', `layer ${layer} has nothing at ${wanted.join(', ')}`);
  }
  const inputBefore = hashInput(name);
  prepareFolder(options.output);
  const items = await writeEvidence(
    stacked,
    events,
    options.output,
    (index) => instructionOfLayer(opened.history, index),
    context.signal,
  );
  const record = {
    schema: 'exhume/evidence/1' as const,
    tool: `exhume ${VERSION}`,
    commandLine: process.argv.slice(2),
    started,
    finished: new Date().toISOString(),
    source: stacked.image.source,
    imageId: stacked.image.id,
    manifestDigest: stacked.image.manifestDigest,
    inputBefore,
    inputAfter: hashInput(name),
    incomplete: incompleteOf(stacked),
    items,
  };
  writeRecord(options.output, record);
  if (file !== null) {
    const did = { action: 'extracted', folder: options.output, files: items.length } as const;
    changeCase(file, lineFacts(options, context), () => did);
  }
  if (record.inputBefore !== record.inputAfter) {
    notice(context, false, `warning: ${name} changed while it was being read`);
  }
  if (options.json) await writeJson(context.stdout, { ...record });
  else await writeLines(context.stdout, itemLines(items, options.output));
  const broken = items.filter((item) => !item.complete);
  if (broken.length > 0) {
    throw new Problem(
      'truncated',
      `${broken.length === 1 ? '1 file is' : `${broken.length} files are`} incomplete in the image: ${broken[0]!.reason}; ${EVIDENCE_FILE} lists ${broken.length === 1 ? 'it' : 'them'}`,
    );
  }
}

/** The newest generation of a path and of all that lies below it, or what one layer has of them; as events. */
export function eventsBelow(ledger: Ledger, path: number, layer: number | null): number[] {
  const events: number[] = [];
  const stack = [path];
  while (stack.length > 0) {
    const at = stack.pop()!;
    const event =
      layer === null ? newestEntry(ledger, at, ledger.layers.length - 1) : entryInLayer(ledger, at, layer);
    if (event >= 0) events.push(at === path ? namedFile(ledger, event) : event);
    for (let child = ledger.paths.firstChild(at); child !== 0; child = ledger.paths.nextSibling(child))
      stack.push(child);
  }
  return events;
}

function entryInLayer(ledger: Ledger, path: number, layer: number): number {
  const event = ledger.eventAt(path, layer);
  return event >= 0 && ledger.layerOf(event) === layer && !ledger.isDeletion(event) ? event : -1;
}

/** Who asks for a link by name wants the file behind it. */
function namedFile(ledger: Ledger, event: number): number {
  const resolution = resolveContent(ledger, event);
  if (resolution.kind !== 'file' || resolution.place.path === ledger.pathOf(event)) return event;
  return newestEntry(ledger, resolution.place.path, resolution.place.layer);
}

function* itemLines(items: readonly EvidenceItem[], folder: string): Generator<string> {
  for (const item of items) {
    const what =
      item.file === null ? `not written: ${item.reason}` : `${folder}/${item.file} (${humanSize(item.size)})`;
    yield `layer ${item.layer}  ${escapeText(item.path)}  ${what}`;
  }
  const written = items.filter((item) => item.file !== null).length;
  yield `${written} files written; ${folder}/${EVIDENCE_FILE} records where they come from`;
}
