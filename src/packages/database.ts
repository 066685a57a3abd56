import type { Package, PackageKey } from './package.ts';
import { readApk } from './readers/apk.ts';
import { readDpkg } from './readers/dpkg.ts';
import { readRpm } from './readers/rpm.ts';
import { readGem, readNpm, readPython } from './readers/one-package.ts';

/** rpm's database in the form of SQLite, which it has by default since 4.16. */
export const RPM_SQLITE = /^\/(?:var\/lib\/rpm|usr\/(?:lib\/sysimage|share)\/rpm)\/rpmdb\.sqlite$/;

/** A kind of file that records packages. */
interface DatabaseKind {
  /** Of the whole path. */
  readonly path: RegExp;
  /** Longer files are left out, in bytes. */
  readonly largest: number;
  /** Null where the content is not what its place says: what it would list is not known. */
  read(content: Uint8Array): Package[] | null;
  /** What parts packages of the same name: the folder that they are installed in. '' where none does. */
  readonly place: (path: string) => string;
}

const MEGABYTE = 1 << 20;
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
const one = (made: Package | null): Package[] => (made === null ? [] : [made]);
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
    place: folderOf,
  },
  {
    path: /(?:\.dist-info\/METADATA|\.egg-info\/PKG-INFO)$/,
    largest: 4 * MEGABYTE,
    read: inText((text) => one(readPython(text))),
    place: (path) => folderOf(folderOf(path)),
  },
  {
    path: /\.egg-info$/,
    largest: 4 * MEGABYTE,
    read: inText((text) => one(readPython(text))),
    place: folderOf,
  },
  {
    path: /\/specifications\/(?:default\/)?[^/]+\.gemspec$/,
    largest: 4 * MEGABYTE,
    read: inText((text) => one(readGem(text))),
    place: folderOf,
  },
];

/** Databases of rpm in the forms that are not read: Berkeley DB and ndb. */
const RPM = /^\/(?:var\/lib\/rpm|usr\/lib\/sysimage\/rpm)\/(?:Packages|Packages\.db)$/;
/** How the last segments of all their paths end, but for `status.d`. */
export const DATABASE_ENDINGS: readonly string[] = [
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

/** How long a database may be, by what it is; the largest of all. */
export const LARGEST_DATABASE = 128 * MEGABYTE;

/** The database that a path names: how to read it, `unread` for one of rpm, or null. */
export function databaseAt(path: string): DatabaseKind | 'unread' | null {
  if (RPM.test(path)) return 'unread';
  return KINDS.find((kind) => kind.path.test(path)) ?? null;
}

/** What tells a package of a database from all others; gems of several versions lie side by side. */
export function keyOf(kind: DatabaseKind, path: string, made: Package): PackageKey {
  const name = made.ecosystem === 'pypi' ? made.name.toLowerCase().replaceAll(/[-_.]+/g, '-') : made.name;
  const version = made.ecosystem === 'gem' ? made.version : '';
  return [made.ecosystem, kind.place(path), name, made.architecture ?? '', version].join('\0');
}
