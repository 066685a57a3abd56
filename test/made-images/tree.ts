import { lstat, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { EntryFacts } from '../../src/ledger/entry-facts.ts';
import { run } from '../commands/run.ts';

/** One path of a tree, in a form that a file system and a listing have in common. */
interface TreeEntry {
  readonly type: string;
  /** Four octal digits; empty for a symbolic link, whose mode has no meaning. */
  readonly mode: string;
  readonly owner: string;
  /** Size in bytes of a file; 0 for other types. */
  readonly size: number;
  readonly target: string | null;
}

export type Tree = Readonly<Record<string, TreeEntry>>;

/** Lists a directory of the file system recursively, without itself. A hard link counts as a file. */
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

/** Entries in the output of `exhume ls --json`. */
export async function listing(image: string, ...options: string[]): Promise<EntryFacts[]> {
  const { status, stdout, stderr } = await run('ls', image, '--json', ...options);
  if (status !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { entries: EntryFacts[] }).entries;
}

/** Converts the output of `exhume ls --final`, with hard links as regular files. */
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
