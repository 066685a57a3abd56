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

/** Name of the record in the directory of an extraction. */
export const EVIDENCE_FILE = 'exhume-evidence.json';

/** One extracted entry: the file that was written, or the reason why none was. */
export interface EvidenceItem extends EntryFacts {
  /** The file written, relative to the output directory; null if none was. */
  readonly file: string | null;
  readonly reason: string | null;
  readonly layerDigest: string | null;
  readonly diffId: string | null;
  /** Offset of the member's first header in the layer's uncompressed tar, in bytes. */
  readonly tarOffset: number;
  readonly instruction: string;
  /** False if the file is missing or only partly written; {@link reason} says why. */
  readonly complete: boolean;
}

/** The record of an extraction. */
export interface EvidenceRecord {
  readonly schema: 'exhume/evidence/1';
  readonly tool: string;
  readonly commandLine: readonly string[];
  readonly started: string;
  readonly finished: string;
  readonly source: string;
  readonly imageId: string;
  readonly manifestDigest: string | null;
  /** SHA-256 of the input file before and after reading; null if the input is not a single file. */
  readonly inputBefore: string | null;
  readonly inputAfter: string | null;
  /** The parts of the image that were not read. */
  readonly incomplete: readonly Incomplete[];
  readonly items: readonly EvidenceItem[];
}

/** The facts of a record that do not depend on the files. */
export interface EvidenceFacts {
  readonly tool: string;
  readonly started: string;
  /** SHA-256 of the input file, hexadecimal; null if the input is not a single file. */
  readonly inputBefore: string | null;
  readonly inputAfter: () => string | null | Promise<string | null>;
  /** Returns the instruction of a layer, masked. */
  readonly instruction: (layer: number) => string;
}

/**
 * Writes the files of ledger events, and a record of them, into a new or empty directory. If one file cannot be
 * written, the others still are, and the record gives the reason. The record is written even after an error or
 * when a signal ends the program; it then lists what is missing.
 * @param events events with an entry
 * @returns the record that was written
 * @throws Problem `unsafe-target` if the directory is not empty; `write-failed` if the directory or the record
 * cannot be written; `disk-full` and `cancelled` after the record was written
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
    // Write the record first, padded to its final size, so that it survives a full disk.
    writeRecord(folder, fd, record(), roomFor(items));
  } catch (error) {
    closeSync(fd);
    // A partial record would look like a damaged one.
    rmSync(path.join(folder, EVIDENCE_FILE), { force: true });
    throw error;
  }
  // The signal handler ends the process without returning here.
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

/** Returns the files of an extraction that are missing or incomplete. */
export function missingItems({ items }: EvidenceRecord): readonly EvidenceItem[] {
  return items.filter(({ complete }) => !complete);
}

/** Returns the number of files that an extraction wrote. */
export function writtenCount({ items }: EvidenceRecord): number {
  return items.filter(({ file }) => file !== null).length;
}

/** Creates the directory if it is missing, and the record file, before any name from the image is used. */
function openRecord(folder: string): number {
  try {
    makeDirectory(folder);
    if (readdirSync(folder).length === 0) return openSync(path.join(folder, EVIDENCE_FILE), 'wx', 0o600);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Problem('write-failed', `cannot extract into ${folder}: ${message}`, { file: folder }, error);
  }
  const message = `${folder} is not empty; name a new or empty directory`;
  throw new Problem('unsafe-target', message, { file: folder });
}

/**
 * Returns the initial item of an event, before anything is written. It is complete if there is nothing to write.
 * @param written the event whose name the file is written under
 */
function itemOf(
  stacked: StackedImage,
  event: number,
  written: number,
  { instruction }: EvidenceFacts,
): EvidenceItem {
  const { image, ledger } = stacked;
  const file = fileOf(ledger, event);
  // For a hard link, record the member that holds the content.
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
        : `hard link: the same file as ${pathText(ledger.paths.path(ledger.pathOf(written)))}`,
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
 * Overwrites the record file with a record.
 * @param room number of spaces to append, which JSON permits
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

/** Estimates how many bytes the names and hashes of written files may add to a record. */
function roomFor(items: readonly EvidenceItem[]): number {
  return items.reduce((sum, { complete, path: name }) => sum + (complete ? 0 : name.length * 4 + 128), 256);
}

/** Hashes the input after reading. Returns null if it can no longer be read, so that the record is still written. */
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
  if (isWritten) return 'not attempted: the extraction was interrupted';
  switch (type) {
    case 'directory':
      return 'directory';
    case 'symlink':
      return 'symbolic link: only its target is recorded';
    case 'hardlink':
      return 'hard link to an entry without content: only its target is recorded';
    default:
      return 'device or FIFO: recorded, never created';
  }
}
