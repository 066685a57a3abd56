import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { Damage } from '../bytes/decoder.ts';
import { readContents } from '../layer/content.ts';
import type { Incomplete } from '../ledger/incomplete.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { Problem } from '../problem.ts';
import { type EntryFacts, eventFacts } from '../report/entry-facts.ts';
import { toJson } from '../text/json.ts';
import { decodeName } from '../text/escape.ts';
import { safeSegment } from './safe-name.ts';

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

/**
 * Makes sure that a folder is new or empty.
 * @throws Problem `unsafe-target`
 */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length === 0) return;
  } catch (error) {
    throw new Problem(
      'write-failed',
      `cannot use ${folder}: ${error instanceof Error ? error.message : String(error)}`,
      {
        file: folder,
      },
    );
  }
  throw new Problem(
    'unsafe-target',
    `${folder} is not empty; evidence is only written to a new or an empty folder`,
    {
      file: folder,
    },
  );
}

/**
 * Writes the files of events of the ledger below a folder that {@link prepareFolder} has made.
 * Only regular content is written, with mode 0600: no links, no devices, no setuid bits. Names are
 * made safe, and every folder on the way is made here, so that nothing is followed outside.
 * @param events events with an entry; another generation of a path lies in a folder named after its layer
 * @param instructions by layer
 */
export async function writeEvidence(
  stacked: StackedImage,
  events: readonly number[],
  folder: string,
  instructions: (layer: number) => string,
  signal?: AbortSignal,
): Promise<EvidenceItem[]> {
  const { ledger, image } = stacked;
  const items: EvidenceItem[] = [];
  const taken = new Set<string>();
  for (const event of events) {
    const layer = ledger.layerOf(event);
    const entry = ledger.entryOf(event);
    const facts = eventFacts(ledger, event);
    const tarOffset = ledger.layers[layer]!.columns.headerBlock[entry]! * 512;
    const base = {
      ...facts,
      layerDigest: image.layers[layer]!.digest ?? stacked.layers[layer]!.digest,
      diffId: image.layers[layer]!.diffId ?? stacked.layers[layer]!.diffId,
      tarOffset,
      instruction: instructions(layer),
    };
    if (facts.type !== 'file') {
      items.push({ ...base, file: null, reason: reasonFor(facts), complete: true });
      continue;
    }
    const named = safePath(ledger.paths.path(ledger.pathOf(event)));
    const file = taken.has(named) ? `layer-${layer}~/${named}` : named;
    taken.add(named);
    const written = await writeFile(path.join(folder, file), image.layers[layer]!.blob!, tarOffset, signal);
    const { complete, reason, sha256 } = written;
    items.push({ ...base, sha256, file, reason, complete });
  }
  return items;
}

/** Writes the record beside the files. */
export function writeRecord(folder: string, record: EvidenceRecord): void {
  writeFileSync(path.join(folder, EVIDENCE_FILE), `${toJson(record)}\n`, { flag: 'wx', mode: 0o600 });
}

function reasonFor(facts: EntryFacts): string {
  switch (facts.type) {
    case 'directory':
      return 'a folder';
    case 'symlink':
      return 'a symbolic link: its target is recorded, the link is not made';
    case 'hardlink':
      return 'a hard link: its target is recorded, the link is not made';
    default:
      return 'a device or a fifo: recorded, never made';
  }
}

function safePath(bytes: Uint8Array): string {
  const segments = decodeName(bytes)
    .text.split('/')
    .filter((segment) => segment !== '');
  const safe = segments.map(safeSegment);
  if (safe[0] === EVIDENCE_FILE) safe[0] = `${EVIDENCE_FILE}~`;
  return safe.join('/');
}

async function writeFile(
  target: string,
  blob: Parameters<typeof readContents>[0],
  tarOffset: number,
  signal: AbortSignal | undefined,
): Promise<{ sha256: string; complete: boolean; reason: string | null }> {
  const hash = createHash('sha256');
  let complete = false;
  let damage: Damage | null;
  let fd = -1;
  try {
    mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);
    fd = openSync(target, flags, 0o600);
    damage = await readContents(
      blob,
      [tarOffset],
      {
        chunk(bytes) {
          hash.update(bytes);
          for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
        },
        end(_, whole) {
          complete = whole;
        },
      },
      signal,
    );
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (fd >= 0) rmSync(target, { force: true });
    throw new Problem(
      'write-failed',
      `cannot write ${target}: ${error instanceof Error ? error.message : String(error)}`,
      {
        file: target,
      },
    );
  } finally {
    if (fd >= 0) closeSync(fd);
  }
  const reason = complete ? null : (damage?.message ?? 'the layer ends before the file does');
  return { sha256: hash.digest('hex'), complete, reason };
}
