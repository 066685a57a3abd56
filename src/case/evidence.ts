import { closeSync, ftruncateSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { isSystemError } from '../bytes/system-error.ts';
import { fileOf } from '../ledger/content.ts';
import { type EntryFacts, eventFacts } from '../ledger/entry-facts.ts';
import { incompleteOf } from '../ledger/incomplete.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import type { Incomplete } from '../ledger/unread-parts.ts';
import { Problem } from '../problem.ts';
import { toJson } from '../text/json.ts';
import { pathText } from '../text/path-text.ts';
import { writeProblem } from './atomic-write.ts';
import { evidenceNames, writeContent } from './evidence-file.ts';
import { makeDirectory } from './make-directory.ts';
import { writtenName } from './written-name.ts';

/** Where the record of an extraction lies, inside its folder. */
export const EVIDENCE_FILE = 'exhume-evidence.json';

/** One file of an extraction, or why there is none. */
export interface EvidenceItem extends EntryFacts {
  /** Where it was written, relative to the folder; null where nothing was. */
  readonly file: string | null;
  readonly reason: string | null;
  readonly layerDigest: string | null;
  readonly diffId: string | null;
  /** Offset of the member's first header in the layer's uncompressed tar, in bytes. */
  readonly tarOffset: number;
  readonly instruction: string;
  /** False if the image does not hold all of it; {@link reason} says why. */
  readonly complete: boolean;
}

/** What an extraction wrote. */
export interface EvidenceRecord {
  readonly schema: 'exhume/evidence/1';
  readonly tool: string;
  readonly commandLine: readonly string[];
  readonly started: string;
  readonly finished: string;
  readonly source: string;
  readonly imageId: string;
  readonly manifestDigest: string | null;
  /** sha256 of the input file before and after; null for a folder or the demonstration image. */
  readonly inputBefore: string | null;
  readonly inputAfter: string | null;
  /** What was not read of the image. */
  readonly incomplete: readonly Incomplete[];
  readonly items: readonly EvidenceItem[];
}

/** What a record says beside the files. */
export interface EvidenceFacts {
  readonly tool: string;
  readonly started: string;
  /** sha256 of the input file, hexadecimal; null where there is no single one. */
  readonly inputBefore: string | null;
  readonly inputAfter: () => string | null | Promise<string | null>;
  /** The instruction of a layer. */
  readonly instruction: (layer: number) => string;
}

/**
 * Writes the files of events of the ledger into a new or empty directory, and a record of them. A file that
 * cannot be written keeps none of the others from being written: the record gives the reason. There is a
 * record whatever happens: after an error, and when a signal ends the program, it says what was not written.
 * @param events events with an entry
 * @returns the record as it was written
 * @throws Problem `unsafe-target` for a directory that is not empty; `write-failed` where the directory or the
 * record cannot be written; `disk-full` and `cancelled` once the record is written
 */
export async function extractEvidence(
  stacked: StackedImage,
  events: readonly number[],
  folder: string,
  facts: EvidenceFacts,
  signal?: AbortSignal,
): Promise<EvidenceRecord> {
  const fd = openRecord(folder);
  const nameOf = writtenName(stacked.ledger, events);
  const items = events.map((event) => itemOf(stacked, event, nameOf(event), facts));
  let inputAfter: string | null = null;
  let writing: string | null = null;
  const record = (): EvidenceRecord => recordOf(stacked, items, facts, inputAfter);
  try {
    // Written first of all, with room for what is added: a disk that fills up must not cost the record.
    writeRecord(folder, fd, record(), roomFor(items));
  } catch (error) {
    closeSync(fd);
    // Half a record would look like a damaged one.
    rmSync(path.join(folder, EVIDENCE_FILE), { force: true });
    throw error;
  }
  // The handler of a signal ends the process without coming back here.
  const onExit = (): void => {
    if (writing !== null) rmSync(writing, { force: true });
    writeRecord(folder, fd, record());
  };
  process.on('exit', onExit);
  try {
    for (const [index, event] of events.entries()) {
      const item = items[index]!;
      if (item.complete) continue;
      const name = stacked.ledger.paths.path(stacked.ledger.pathOf(event));
      const names = evidenceNames(name, item.layer, item.tarOffset);
      const { blob } = stacked.image.layers[item.layer]!;
      const onFile = (file: string | null): void => void (writing = file);
      const written = await writeContent(folder, names, blob, item.tarOffset, onFile, signal);
      if (written.kind === 'written') {
        const { complete, file, reason, sha256 } = written;
        items[index] = { ...item, sha256, file, reason, complete };
        continue;
      }
      items[index] = { ...item, reason: written.reason };
      if (written.diskFull) throw diskFull(folder);
    }
  } finally {
    inputAfter = await hashAfter(facts);
    process.off('exit', onExit);
    try {
      writeRecord(folder, fd, record());
    } finally {
      closeSync(fd);
    }
  }
  return record();
}

/** Files of an extraction that were not written, or not whole. */
export function missingItems({ items }: EvidenceRecord): readonly EvidenceItem[] {
  return items.filter(({ complete }) => !complete);
}

/** How many files an extraction wrote. */
export function writtenCount({ items }: EvidenceRecord): number {
  return items.filter(({ file }) => file !== null).length;
}

/** Creates the directory where it is missing, and the record's file, before any name from the image is used. */
function openRecord(folder: string): number {
  try {
    makeDirectory(folder);
    if (readdirSync(folder).length === 0) return openSync(path.join(folder, EVIDENCE_FILE), 'wx', 0o600);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Problem('write-failed', `cannot extract into ${folder}: ${message}`, { file: folder }, error);
  }
  const message = `${folder} is not empty; evidence is only written to a new or an empty folder`;
  throw new Problem('unsafe-target', message, { file: folder });
}

/**
 * Returns an item as it is before anything is written: complete if there is nothing to write.
 * @param written the event under whose name its file is written
 */
function itemOf(
  stacked: StackedImage,
  event: number,
  written: number,
  { instruction }: EvidenceFacts,
): EvidenceItem {
  const { image, ledger } = stacked;
  const file = fileOf(ledger, event);
  // For a hard link to a file, the record names the member that holds its bytes.
  const { entry, layer } = file ?? { layer: ledger.layerOf(event), entry: ledger.entryOf(event) };
  const holder = ledger.entriesOf(layer);
  const isLive = ledger.state(event) === 'live';
  const facts = eventFacts(ledger, event, isLive ? ledger.layers.length - 1 : undefined);
  const isWritten = file !== null && written === event;
  return {
    ...facts,
    ...(isWritten ? { size: holder.size(entry) } : {}),
    layer,
    file: null,
    reason:
      written === event
        ? reasonFor(facts, isWritten)
        : `a hard link: the same file as ${pathText(ledger.paths.path(ledger.pathOf(written)))}`,
    layerDigest: image.layers[layer]!.digest ?? stacked.layers[layer]!.digest,
    diffId: image.layers[layer]!.diffId ?? stacked.layers[layer]!.diffId,
    tarOffset: holder.headerOffset(entry),
    instruction: instruction(layer),
    complete: !isWritten,
  };
}

function recordOf(
  stacked: StackedImage,
  items: readonly EvidenceItem[],
  { inputBefore, started, tool }: EvidenceFacts,
  inputAfter: string | null,
): EvidenceRecord {
  const { image } = stacked;
  return {
    schema: 'exhume/evidence/1',
    tool,
    commandLine: process.argv.slice(2),
    started,
    finished: new Date().toISOString(),
    source: image.source,
    imageId: image.id,
    manifestDigest: image.manifestDigest,
    inputBefore,
    inputAfter,
    incomplete: incompleteOf(stacked),
    items,
  };
}

/**
 * Writes the record over what its file has.
 * @param room bytes of blanks after it, which JSON allows
 */
function writeRecord(folder: string, fd: number, record: EvidenceRecord, room = 0): void {
  const bytes = Buffer.from(`${toJson(record)}\n${' '.repeat(room)}`);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at, at);
    ftruncateSync(fd, bytes.length);
  } catch (error) {
    throw writeProblem(error, path.join(folder, EVIDENCE_FILE));
  }
}

/** Bytes that names and hashes of written files may add to a record. */
function roomFor(items: readonly EvidenceItem[]): number {
  return items.reduce((sum, { complete, path: name }) => sum + (complete ? 0 : name.length * 4 + 128), 256);
}

/** The hash of the input after reading; null if it cannot be read any more, which must not cost the record. */
async function hashAfter({ inputAfter }: EvidenceFacts): Promise<string | null> {
  try {
    return await inputAfter();
  } catch (error) {
    if (!(error instanceof Problem) && !isSystemError(error)) throw error;
    return null;
  }
}

function diskFull(folder: string): Problem {
  const record = path.join(folder, EVIDENCE_FILE);
  return new Problem('disk-full', `${folder}: the disk is full; ${record} lists the files that are missing`, {
    file: folder,
  });
}

function reasonFor({ type }: EntryFacts, isWritten: boolean): string {
  if (isWritten) return 'not attempted: the extraction ended before';
  switch (type) {
    case 'directory':
      return 'a directory';
    case 'symlink':
      return 'a symbolic link: its target is recorded, the link is not made';
    case 'hardlink':
      return 'a hard link to nothing that can be written: its target is recorded, the link is not made';
    default:
      return 'a device or a fifo: recorded, never made';
  }
}
