import type { Package, PackageKey } from './package.ts';
import { readApk } from './readers/apk.ts';
import { readDpkg } from './readers/dpkg.ts';
import { readRpm } from './readers/rpm.ts';
import { readGem, readNpm, readPython } from './readers/one-package.ts';

/** The rpm database in SQLite format, the default since rpm 4.16. */
export const RPM_SQLITE = /^\/(?:var\/lib\/rpm|usr\/(?:lib\/sysimage|share)\/rpm)\/rpmdb\.sqlite$/;

/** A kind of package database. */
interface DatabaseKind {
  /** Matches the whole path. */
  readonly path: RegExp;
  /** Maximum size in bytes; longer files are skipped. */
  readonly largest: number;
  /** Parses the database; null if the content is not in the expected format, so that its packages are unknown. */
  read(content: Uint8Array): Package[] | null;
  /** Returns the directory that distinguishes packages with the same name; '' if the name is unique. */
  readonly place: (path: string) => string;
}

const MEGABYTE = 1 << 20;
const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
const one = (pkg: Package | null): Package[] => (pkg === null ? [] : [pkg]);
const inText =
  (read: (text: string) => Package[]) =>
  (content: Uint8Array): Package[] =>
    read(Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8'));

const KINDS: readonly DatabaseKind[] = [
  {
    path: RPM_SQLITE,
    largest: 128 * MEGABYTE,
    read: readRpm,
    place: () => '',
  },
  {
    path: /^\/var\/lib\/dpkg\/(?:status|status\.d\/(?![^/]*\.md5sums$)[^/]+)$/,
    largest: 64 * MEGABYTE,
    read: inText(readDpkg),
    place: () => '',
  },
  {
    path: /^\/(?:usr\/)?lib\/apk\/db\/installed$/,
    largest: 128 * MEGABYTE,
    read: inText(readApk),
    place: () => '',
  },
  {
    path: /\/node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/,
    largest: 4 * MEGABYTE,
    read: inText((text) => one(readNpm(text))),
    place: directoryOf,
  },
  {
    path: /(?:\.dist-info\/METADATA|\.egg-info\/PKG-INFO)$/,
    largest: 4 * MEGABYTE,
    read: inText((text) => one(readPython(text))),
    place: (path) => directoryOf(directoryOf(path)),
  },
  {
    path: /\.egg-info$/,
    largest: 4 * MEGABYTE,
    read: inText((text) => one(readPython(text))),
    place: directoryOf,
  },
  {
    path: /\/specifications\/(?:default\/)?[^/]+\.gemspec$/,
    largest: 4 * MEGABYTE,
    read: inText((text) => one(readGem(text))),
    place: directoryOf,
  },
];

/** rpm databases in formats that are not supported: Berkeley DB and ndb. */
const RPM = /^\/(?:var\/lib\/rpm|usr\/lib\/sysimage\/rpm)\/(?:Packages|Packages\.db)$/;
/** Suffixes of the file names of all databases, except those in `status.d`. */
export const DATABASE_SUFFIXES: readonly string[] = [
  'status',
  'installed',
  'package.json',
  'METADATA',
  'PKG-INFO',
  '.egg-info',
  '.gemspec',
  'Packages',
  'Packages.db',
  'rpmdb.sqlite',
];

/** The largest maximum size of any kind of database, in bytes. */
export const MAX_DATABASE_SIZE = 128 * MEGABYTE;

/** Returns the kind of database at a path; `unread` for an rpm database that is not supported; null for other files. */
export function databaseAt(path: string): DatabaseKind | 'unread' | null {
  if (RPM.test(path)) return 'unread';
  return KINDS.find((kind) => kind.path.test(path)) ?? null;
}

/** Returns the key that identifies a package of a database. Gems have the version in it: several can be installed side by side. */
export function keyOf(kind: DatabaseKind, path: string, pkg: Package): PackageKey {
  const name = pkg.ecosystem === 'pypi' ? pkg.name.toLowerCase().replaceAll(/[-_.]+/g, '-') : pkg.name;
  const version = pkg.ecosystem === 'gem' ? pkg.version : '';
  return [pkg.ecosystem, kind.place(path), name, pkg.architecture ?? '', version].join('\0');
}
