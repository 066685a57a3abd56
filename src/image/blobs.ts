import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Digest, digestParts } from '../bytes/digest.ts';
import { type Extent, ExtentReader, readExtent } from '../bytes/source.ts';
import { isAbsent, isSystemError } from '../bytes/system-error.ts';
import { Problem } from '../problem.ts';
import { type TarMember, type TarWarning, EntryType } from '../tar/member.ts';
import { TarParser } from '../tar/parser.ts';
import { readTar } from '../tar/read.ts';

/** Named byte runs: the members of an archive, or the files of a folder. */
export interface BlobStore {
  /** What messages call it. */
  readonly name: string;
  /** The bytes under a name (forward slashes), links followed inside the store; null where there are none. */
  get(name: string): Extent | null;
  /** Says why {@link get} finds nothing, as a clause; null if there is simply nothing of that name. */
  whyMissing(name: string): string | null;
  /** Names of everything that holds bytes. */
  names(): readonly string[];
  readonly warnings: readonly TarWarning[];
}

/** JSON of a store is read into memory; a manifest or config larger than this is no such thing. */
const MAX_JSON = 64 << 20;
const MAX_LINKS = 16;

/** What a name leads to. */
interface Found {
  readonly extent: Extent | null;
  /** See {@link BlobStore.whyMissing}. */
  readonly why: string | null;
}

function nothing(why: string | null): Found {
  return { extent: null, why };
}

/** A clause that may be null, as the end of a message: `: permission denied`. */
export function because(why: string | null): string {
  return why === null ? '' : `: ${why}`;
}

/** Says of a blob that is not there that it is not stored, and why. */
export function notStored(store: BlobStore, digest: Digest): string {
  return `is not stored${because(store.whyMissing(blobName(digest)))}`;
}

interface Member {
  readonly extent: Extent | null;
  readonly link: string | null;
}

/** The members of a tar, by name. Of two with the same name the later counts, as when unpacking. */
export class ArchiveBlobs implements BlobStore {
  readonly name: string;
  readonly warnings: TarWarning[] = [];
  readonly #members = new Map<string, Member>();
  #count = 0;

  /** An empty one, for a reader that calls {@link add} for each member in the archive's order. */
  constructor(name: string) {
    this.name = name;
  }

  /**
   * Reads an archive's headers.
   * @throws Problem `not-an-image` where the bytes are no tar at all
   */
  static read(extent: Extent, name: string): ArchiveBlobs {
    const blobs = new ArchiveBlobs(name);
    const reader = new ExtentReader(extent);
    const parser = new TarParser({
      member: (member) => {
        blobs.add(extent, member);
        return false;
      },
      warning: (warning) => blobs.warnings.push(warning),
    });
    try {
      readTar(reader, parser);
    } finally {
      reader.close();
    }
    return blobs;
  }

  /** How many members the archive has, folders included. */
  get size(): number {
    return this.#count;
  }

  /**
   * Takes note of a member.
   * @param archive what holds it; a member that reaches beyond its end is cut there
   */
  add(archive: Extent, member: TarMember): void {
    this.#count++;
    const name = normalise(Buffer.from(member.name).toString('utf8'));
    if (member.type === EntryType.file && member.sparse === null) {
      const within = Math.max(0, Math.min(member.storedSize, archive.size - member.dataOffset));
      this.#members.set(name, {
        extent: { source: archive.source, offset: archive.offset + member.dataOffset, size: within },
        link: null,
      });
    } else if (member.type === EntryType.symlink || member.type === EntryType.hardlink) {
      const target = Buffer.from(member.linkname).toString('utf8');
      const base = member.type === EntryType.symlink ? path.posix.dirname(name) : '.';
      this.#members.set(name, { extent: null, link: normalise(path.posix.join(base, target)) });
    }
  }

  get(name: string): Extent | null {
    return this.#follow(name).extent;
  }

  whyMissing(name: string): string | null {
    return this.#follow(name).why;
  }

  #follow(name: string): Found {
    let at = normalise(name);
    for (let step = 0; step < MAX_LINKS; step++) {
      const member = this.#members.get(at);
      if (member === undefined) {
        return nothing(step === 0 ? null : `it is a link to ${at}, which is not in the archive`);
      }
      if (member.link === null) return { extent: member.extent, why: null };
      at = member.link;
    }
    return nothing(`it is a link that leads through more than ${MAX_LINKS} others`);
  }

  names(): readonly string[] {
    return [...this.#members].filter(([, member]) => member.extent !== null).map(([name]) => name);
  }
}

/**
 * The files of a directory. A link in any component of a name is followed only if it stays inside, so nothing
 * outside the directory is ever opened. The directory itself may be named through a link.
 */
export class FolderBlobs implements BlobStore {
  readonly name: string;
  readonly warnings: readonly TarWarning[] = [];
  readonly #root: string;
  readonly #list: () => readonly string[];

  constructor(root: string, list: () => readonly string[]) {
    this.name = root;
    this.#root = realpathSync(root);
    this.#list = list;
  }

  get(name: string): Extent | null {
    return this.#look(name).extent;
  }

  whyMissing(name: string): string | null {
    return this.#look(name).why;
  }

  #look(name: string): Found {
    // No file has such a name, and realpath does not accept it.
    if (name.includes('\0')) return nothing('there is a NUL in its name');
    try {
      const real = realpathSync(path.join(this.#root, normalise(name)));
      if (!isInside(real, this.#root)) return nothing(`a link in its path leads outside of ${this.name}`);
      const stat = statSync(real);
      if (!stat.isFile()) return nothing('it is not a regular file');
      return { extent: { source: { kind: 'file', path: real }, offset: 0, size: stat.size }, why: null };
    } catch (error) {
      // The file system refuses one blob: it counts as missing, and the rest of the image opens.
      if (isAbsent(error)) return nothing(null);
      if (!isSystemError(error)) throw error;
      return nothing(error.message.split(', ')[0] ?? error.message);
    }
  }

  names(): readonly string[] {
    return this.#list();
  }
}

/** Reports whether a path is below a directory; both are absolute and hold no link. */
function isInside(file: string, directory: string): boolean {
  return file.startsWith(directory.endsWith(path.sep) ? directory : directory + path.sep);
}

/** Where OCI layouts keep a blob. */
export function blobName(digest: Digest): string {
  const { algorithm, encoded } = digestParts(digest);
  return `blobs/${algorithm}/${encoded}`;
}

/** `./a//b/../c` as `a/c`; never leaves the root. */
function normalise(name: string): string {
  return path.posix.normalize(`/${name}`).replace(/\/+$/, '').slice(1);
}

/**
 * Reads a JSON member.
 * @returns its bytes and value
 * @throws Problem `corrupt` where it is no JSON
 */
export function readJson(
  store: BlobStore,
  name: string,
  extent: Extent,
): { bytes: Uint8Array; value: unknown } {
  if (extent.size > MAX_JSON) {
    throw new Problem('corrupt', `${store.name}: ${name} is ${extent.size} bytes long, too long for JSON`, {
      file: store.name,
      member: name,
    });
  }
  const bytes = readExtent(extent);
  try {
    return { bytes, value: JSON.parse(Buffer.from(bytes).toString('utf8')) };
  } catch (error) {
    const detail = error instanceof Error ? error.message.split('\n')[0] : '';
    throw new Problem(
      'corrupt',
      `${store.name}: ${name} is not valid JSON (${(detail ?? '').slice(0, 120)})`,
      { file: store.name, member: name, offset: extent.offset },
      error,
    );
  }
}
