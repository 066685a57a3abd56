import { readContents } from '../layer/content.ts';
import { hasOwnBytes } from '../ledger/content.ts';
import { linkGroups } from '../ledger/link-groups.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { Problem } from '../problem.ts';
import { decodeName } from '../text/escape.ts';
import type { Package } from './package.ts';
import { GO_MAGIC, readGoBuildInfo } from './readers/go-build-info.ts';

/** A program built by Go. */
export interface GoProgram {
  readonly path: string;
  /** `go1.22.1` */
  readonly goVersion: string;
  readonly modules: readonly Package[];
}

/** The smallest Go programs are larger than this, even when stripped. */
const MIN_SIZE = 512 * 1024;
const MAX_SIZE = 512 * 1024 * 1024;
/** Maximum size of build information. Large programs have some ten thousand bytes. */
const MAX_INFO = 1 << 20;
const ELF = Buffer.from('\x7fELF', 'latin1');
const EXECUTABLE = 0o111;

/**
 * Reads the build information of the Go programs in all layers. Each layer is read once.
 * @returns the programs by the event of their path
 * @throws Problem `cancelled`
 */
export async function readGoPrograms(
  stacked: StackedImage,
  signal: AbortSignal | undefined,
): Promise<Map<number, GoProgram>> {
  const { ledger } = stacked;
  const found = new Map<number, GoProgram>();
  for (let layer = 0; layer < ledger.layers.length; layer++) {
    const holder = ledger.layers[layer];
    if (holder === null || holder === undefined) continue;
    const wanted: { block: number; event: number }[] = [];
    const [start, end] = ledger.eventsOf(layer);
    for (let event = start; event < end; event++) {
      if (!hasOwnBytes(ledger, event)) continue;
      const entry = ledger.entryOf(event);
      const size = holder.size(entry);
      if ((holder.mode(entry) & EXECUTABLE) === 0 || size < MIN_SIZE || size > MAX_SIZE) continue;
      // Prefer a hard link that is visible in the container: the stored path may have been deleted.
      const name = linkGroups(ledger).at({ layer, entry })?.live[0] ?? event;
      wanted.push({ block: holder.headerBlock(entry), event: name });
    }
    wanted.sort((a, b) => a.block - b.block);
    const infos = await infosOf(
      stacked,
      layer,
      wanted.map(({ block }) => block),
      signal,
    );
    for (const [index, bytes] of infos) {
      const info = readGoBuildInfo(bytes);
      if (info === null) continue;
      const { event } = wanted[index]!;
      const path = decodeName(ledger.paths.path(ledger.pathOf(event))).text;
      found.set(event, {
        path,
        goVersion: info.goVersion,
        modules: [standardLibrary(info.goVersion), ...info.modules],
      });
    }
  }
  return found;
}

/** Returns the standard library as a package; its version is that of Go. */
function standardLibrary(goVersion: string): Package {
  const version = goVersion.replace(/^go/, '').replace(/ .*$/s, '');
  return { ecosystem: 'golang', name: 'stdlib', version, architecture: null, source: null };
}

/** Returns the bytes from the magic on, by index into `blocks`, for members that are Go programs. */
async function infosOf(
  { image, unread }: StackedImage,
  layer: number,
  blocks: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Map<number, Uint8Array>> {
  const infos = new Map<number, Uint8Array>();
  const blob = image.layers[layer]?.blob ?? null;
  if (blob === null || blocks.length === 0) return infos;
  let finder = new InfoFinder();
  const sink = {
    chunk: (bytes: Uint8Array) => finder.take(bytes),
    end(index: number) {
      const info = finder.found();
      if (info !== null) infos.set(index, info);
      finder = new InfoFinder();
    },
  };
  try {
    const damage = await readContents(
      blob,
      blocks.map((block) => block * 512),
      sink,
      signal,
    );
    if (damage?.code === 'unreadable') unread.note(layer, blob, [damage]);
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'cancelled') throw error;
    unread.note(layer, blob, error);
  }
  return infos;
}

/** Searches the chunks of a program for build information, without keeping the program in memory. */
class InfoFinder {
  #tail: Buffer = Buffer.alloc(0);
  #kept: Buffer[] = [];
  #length = 0;
  #state: 'head' | 'searching' | 'keeping' | 'done' = 'head';

  take(bytes: Uint8Array): void {
    if (this.#state === 'done') return;
    if (this.#state === 'keeping') {
      this.#keep(bytes);
      return;
    }
    const piece = Buffer.concat([this.#tail, bytes]);
    if (this.#state === 'head') {
      if (piece.length < ELF.length) {
        this.#tail = piece;
        return;
      }
      this.#state = piece.subarray(0, ELF.length).equals(ELF) ? 'searching' : 'done';
      if (this.#state === 'done') return;
    }
    for (let at = piece.indexOf(GO_MAGIC); at >= 0; at = piece.indexOf(GO_MAGIC, at + 1)) {
      // Programs that read build information also contain the magic as a string, without a valid header after it.
      const [pointer = 0, flags = 0] = piece.subarray(at + GO_MAGIC.length, at + GO_MAGIC.length + 2);
      if (piece.length >= at + GO_MAGIC.length + 2 && (flags > 3 || ![0, 4, 8].includes(pointer))) continue;
      this.#state = 'keeping';
      this.#keep(piece.subarray(at));
      return;
    }
    this.#tail = Buffer.from(piece.subarray(Math.max(0, piece.length - GO_MAGIC.length + 1)));
  }

  /** Returns the bytes from the magic on; null if the magic was not found. */
  found(): Uint8Array | null {
    return this.#kept.length === 0 ? null : Buffer.concat(this.#kept);
  }

  #keep(bytes: Uint8Array): void {
    this.#kept.push(Buffer.from(bytes));
    this.#length += bytes.length;
    if (this.#length >= MAX_INFO) this.#state = 'done';
  }
}
