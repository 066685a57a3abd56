import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Digest, digestParts } from '../bytes/digest.ts';
import { type Extent, ExtentReader, readExtent } from '../bytes/source.ts';
import { isAbsent, isSystemError } from '../bytes/system-error.ts';
import { Problem } from '../problem.ts';
import { type TarMember, type TarWarning, EntryType } from '../tar/member.ts';
import { TarParser } from '../tar/parser.ts';
import { readTar } from '../tar/read.ts';
import { humanSize } from '../text/size.ts';

/** A set of named byte ranges: the members of an archive, or the files of a directory. */
export interface BlobStore {
  /** The name of the store in messages. */
  readonly name: string;
  /** Returns the bytes of a name (with forward slashes); null if there are none. Links inside the store are followed. */
  get(name: string): Extent | null;
  /** Returns why {@link get} finds nothing, as a clause; null if the name does not exist. */
  whyMissing(name: string): string | null;
  /** Returns the names of all entries with bytes. */
  names(): readonly string[];
  readonly warnings: readonly TarWarning[];
}

/** JSON is read into memory. No real manifest or config is larger than this. */
const MAX_JSON = 64 << 20;
const MAX_LINKS = 16;

/** The result of a lookup. */
interface Found {
  readonly extent: Extent | null;
  /** See {@link BlobStore.whyMissing}. */
  readonly why: string | null;
}

function nothing(why: string | null): Found {
  return { extent: null, why };
}

/** Formats a clause that may be null as the end of a message: `: permission denied`. */
export function because(why: string | null): string {
  return why === null ? '' : `: ${why}`;
}

/** Returns a clause that says that a blob is not stored, and why. */
export function notStored(store: BlobStore, digest: Digest): string {
  return `is not stored${because(store.whyMissing(blobName(digest)))}`;
}

interface Member {
  readonly extent: Extent | null;
  readonly link: string | null;
}

/** The members of a tar, by name. If two have the same name, the later one wins, as in unpacking. */
export class ArchiveBlobs implements BlobStore {
  readonly name: string;
  readonly warnings: TarWarning[] = [];
  readonly #members = new Map<string, Member>();
  #count = 0;

  /** Creates an empty store, for a reader that calls {@link add} for each member in the archive's order. */
  constructor(name: string) {
    this.name = name;
  }

  /**
   * Reads an archive's headers.
   * @throws ReadProblem if the archive cannot be opened
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

  /** The number of members in the archive, including directories. */
  get size(): number {
    return this.#count;
  }

  /**
   * Adds a member.
   * @param archive the archive that contains it; a member that extends beyond the archive's end is cut there
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
    return nothing(`it is a chain of more than ${MAX_LINKS} links`);
  }

  names(): readonly string[] {
    return [...this.#members].filter(([, member]) => member.extent !== null).map(([name]) => name);
  }
}

/**
 * The files of a directory. A link in any component of a name is followed only if it stays inside, so nothing
 * outside the directory is ever opened. The path of the directory itself may contain links.
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
    if (name.includes('\0')) return nothing('its name contains a NUL');
    try {
      const real = realpathSync(path.join(this.#root, normalise(name)));
      if (!isInside(real, this.#root)) return nothing(`a link in its path points outside ${this.name}`);
      const stat = statSync(real);
      if (!stat.isFile()) return nothing('it is not a regular file');
      return { extent: { source: { kind: 'file', path: real }, offset: 0, size: stat.size }, why: null };
    } catch (error) {
      // A blob that the file system cannot read counts as missing, so that the rest of the image opens.
      if (isAbsent(error)) return nothing(null);
      if (!isSystemError(error)) throw error;
      return nothing(error.message.split(', ')[0] ?? error.message);
    }
  }

  names(): readonly string[] {
    return this.#list();
  }
}

/** Reports whether a path is below a directory; both must be absolute and without links. */
function isInside(file: string, directory: string): boolean {
  return file.startsWith(directory.endsWith(path.sep) ? directory : directory + path.sep);
}

/** Returns the name of a blob in an OCI layout. */
export function blobName(digest: Digest): string {
  const { algorithm, encoded } = digestParts(digest);
  return `blobs/${algorithm}/${encoded}`;
}

/** Normalizes `./a//b/../c` to `a/c`; the result never leaves the root. */
function normalise(name: string): string {
  return path.posix.normalize(`/${name}`).replace(/\/+$/, '').slice(1);
}

/**
 * Reads a JSON member.
 * @returns its bytes and value
 * @throws Problem `corrupt` if it is not JSON
 */
export function readJson(
  store: BlobStore,
  name: string,
  extent: Extent,
): { bytes: Uint8Array; value: unknown } {
  if (extent.size > MAX_JSON) {
    throw new Problem(
      'corrupt',
      `${store.name}: ${name} is too large for a JSON document (${humanSize(extent.size)}, maximum ${humanSize(MAX_JSON)})`,
      {
        file: store.name,
        member: name,
      },
    );
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
