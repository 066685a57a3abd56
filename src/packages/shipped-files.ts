import { RPM_SQLITE } from './database.ts';
import { readApkFiles } from './readers/apk.ts';
import { readRpmFiles } from './readers/rpm.ts';

/** A file and its checksum from a package database. */
export interface ShippedFile {
  /** From the root, with a leading slash. */
  readonly path: string;
  readonly algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512';
  /** Hex. */
  readonly hash: string;
  /** Name of the package. */
  readonly package: string;
  /** Null if another file has it: the versions of dpkg packages are in the dpkg status file. */
  readonly version: string | null;
}

/** Returns the reader for a file that records checksums of packaged files, chosen by path; null for other files. */
export function shippedFilesReader(path: string): ((content: Uint8Array) => Iterable<ShippedFile>) | null {
  if (RPM_SQLITE.test(path)) return readRpm;
  const reader = textReader(path);
  return reader === null
    ? null
    : (content) =>
        reader(Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8'));
}

function textReader(path: string): ((text: string) => Iterable<ShippedFile>) | null {
  const sums = /^\/var\/lib\/dpkg\/(?:info|status\.d)\/([^/]+?)(?::[^/:]+)?\.md5sums$/.exec(path);
  if (sums !== null) return (text) => readMd5sums(sums[1]!, text);
  if (path === '/var/lib/dpkg/status') return readConffiles;
  if (/^\/(?:usr\/)?lib\/apk\/db\/installed$/.test(path)) return readInstalled;
  const record = /^(.*)\/([^/]+)-([^/-]+)\.dist-info\/RECORD$/.exec(path);
  if (record !== null) return (text) => readRecord(record[1]!, record[2]!, record[3]!, text);
  return null;
}

/** Reads lines of `md5  path`, as written by md5sum. Paths are relative to the root. */
function* readMd5sums(name: string, text: string): Generator<ShippedFile> {
  for (const [, hash, path] of text.matchAll(/^([0-9a-f]{32}) [ *](.+)$/gm)) {
    const from = path!.replace(/^(?:\.?\/)*/, '/');
    yield { path: from, algorithm: 'md5', hash: hash!, package: name, version: null };
  }
}

/** Reads the configuration files of packages: lines ` /path md5` under `Conffiles:` in the dpkg status file. */
function* readConffiles(text: string): Generator<ShippedFile> {
  let name = '';
  let inside = false;
  for (const line of text.split('\n')) {
    if (line[0] !== ' ') {
      inside = line.startsWith('Conffiles:');
      if (line.startsWith('Package:')) name = line.slice('Package:'.length).trim();
      continue;
    }
    const found = inside ? /^ (\/.+?) ([0-9a-f]{32})(?: obsolete)?$/.exec(line) : null;
    if (found === null) continue;
    yield { path: found[1]!, algorithm: 'md5', hash: found[2]!, package: name, version: null };
  }
}

function* readRpm(content: Uint8Array): Generator<ShippedFile> {
  for (const { package: pkg, ...file } of readRpmFiles(content)) {
    yield { ...file, package: pkg.name, version: pkg.version };
  }
}

function* readInstalled(text: string): Generator<ShippedFile> {
  for (const { package: pkg, path, sha1 } of readApkFiles(text)) {
    yield { path, algorithm: 'sha1', hash: sha1, package: pkg.name, version: pkg.version };
  }
}

/**
 * Reads the RECORD file of an installed wheel: lines `path,sha256=…,size`, with paths relative to the
 * package directory. A wheel installed from a local directory or a repository (PEP 610, direct_url.json)
 * yields nothing: its files do not come from a package index.
 */
function* readRecord(directory: string, name: string, version: string, text: string): Generator<ShippedFile> {
  if (/\.dist-info\/direct_url\.json,/.test(text)) return;
  for (const [, quoted, plain, hash] of text.matchAll(
    /^(?:"([^"\n]+)"|([^",\n]+)),sha256=([\w-]{43})=?,\d*\r?$/gm,
  )) {
    const path = resolve(directory, quoted ?? plain!);
    const hex = Buffer.from(hash!, 'base64url').toString('hex');
    yield { path, algorithm: 'sha256', hash: hex, package: name, version };
  }
}

function resolve(directory: string, path: string): string {
  if (path.startsWith('/')) return path;
  const parts = directory.split('/');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
