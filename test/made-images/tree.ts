import { lstat, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { EntryFacts } from '../../src/ledger/entry-facts.ts';
import { run } from '../commands/run.ts';

/** One path of a tree in the words that a file system and a listing share. */
interface TreeEntry {
  readonly type: string;
  /** Four octal digits; empty for a symbolic link, whose mode means nothing. */
  readonly mode: string;
  readonly owner: string;
  /** Bytes of a file; 0 for all else. */
  readonly size: number;
  readonly target: string | null;
}

export type Tree = Readonly<Record<string, TreeEntry>>;

/** What a folder of the file system holds, without the folder itself. A hard link is a file. */
export async function treeOfFolder(folder: string): Promise<Tree> {
  const tree: Record<string, TreeEntry> = {};
  const names = await readdir(folder, { recursive: true, encoding: 'utf8' });
  for (const name of names.toSorted()) {
    const at = path.join(folder, name);
    const stat = await lstat(at);
    const link = stat.isSymbolicLink();
    tree[`/${name}`] = {
      type: link
        ? 'symlink'
        : stat.isDirectory()
          ? 'directory'
          : stat.isFIFO()
            ? 'fifo'
            : stat.isCharacterDevice()
              ? 'character'
              : 'file',
      mode: link ? '' : (stat.mode & 0o7777).toString(8).padStart(4, '0'),
      owner: `${stat.uid}:${stat.gid}`,
      size: stat.isFile() ? stat.size : 0,
      target: link ? await readlink(at) : null,
    };
  }
  return tree;
}

/** Entries as `exhume ls --json` lists them. */
export async function listing(image: string, ...options: string[]): Promise<EntryFacts[]> {
  const { status, stdout, stderr } = await run('ls', image, '--json', ...options);
  if (status !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { entries: EntryFacts[] }).entries;
}

/** What `exhume ls --final` says a container sees, hard links as the files that they name. */
export async function finalTree(image: string): Promise<Tree> {
  const entries = await listing(image, '--final');
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const tree: Record<string, TreeEntry> = {};
  for (const entry of entries) {
    if (entry.path === '/') continue;
    const named = entry.type === 'hardlink' ? byPath.get(`/${entry.linkname!.replace(/^\//, '')}`) : entry;
    if (named === undefined) throw new Error(`${entry.path} links to ${entry.linkname}, which is not there`);
    const link = named.type === 'symlink';
    tree[entry.path] = {
      type: named.type,
      mode: link ? '' : named.mode,
      owner: `${named.uid}:${named.gid}`,
      size: named.size,
      target: link ? named.linkname : null,
    };
  }
  return tree;
}
