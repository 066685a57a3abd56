import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { PathTable, ROOT } from '../../src/layer/path-table.ts';
import { searchPaths, type SearchProgress } from '../../src/tui/search.ts';
import { runSliced } from '../../src/session/slices.ts';

function tableOf(paths: readonly string[]): PathTable {
  const table = new PathTable();
  for (const path of paths) {
    let at = ROOT;
    for (const part of path.split('/')) at = table.child(at, Buffer.from(part, 'latin1'));
  }
  return table;
}

async function search(table: PathTable, query: string): Promise<SearchProgress> {
  return (await runSliced(searchPaths(table, query), () => {}, new AbortController().signal))!;
}

const TABLE = tableOf([
  'root/.ssh/id_rsa',
  'root/.ssh/id_rsa.pub',
  'usr/share/doc/rsa/index.html',
  'etc/passwd',
  'evil\x1b[31m',
]);

describe('the fuzzy jump', () => {
  it('finds paths that contain the letters in order, best first', async () => {
    const { found, matches } = await search(TABLE, 'idrsa');
    expect(found.map(({ text }) => text)).toEqual(['/root/.ssh/id_rsa', '/root/.ssh/id_rsa.pub']);
    expect(matches).toBe(2);
  });

  it('goes on from what the folder had', async () => {
    const { found } = await search(TABLE, 'doc/rsa/ind');
    expect(found.map(({ text }) => text)).toEqual(['/usr/share/doc/rsa/index.html']);
  });

  it('takes words apart, in any order', async () => {
    const { found } = await search(TABLE, 'pub ssh');
    expect(found.map(({ text }) => text)).toEqual(['/root/.ssh/id_rsa.pub']);
  });

  it('tells the places of the letters', async () => {
    const { found } = await search(TABLE, 'passwd');
    expect(found[0]!.letters.map((at) => found[0]!.text[at]).join('')).toBe('passwd');
  });

  it('escapes hostile names', async () => {
    const { found } = await search(TABLE, 'evil');
    expect(found[0]!.text).toBe('/evil\\x1b[31m');
  });

  it('tells how many there are beyond those that it keeps', async () => {
    const many = tableOf(Array.from({ length: 5000 }, (_, i) => `srv/file-${i}`));
    const { found, matches, searched, total } = await search(many, 'file');
    expect(found.length).toBe(200);
    expect(matches).toBe(5000);
    expect(searched).toBe(total);
  });

  it('stops between two slices', async () => {
    const many = tableOf(Array.from({ length: 20_000 }, (_, i) => `srv/file-${i}`));
    const controller = new AbortController();
    controller.abort();
    expect(await runSliced(endless(searchPaths(many, 'f')), () => {}, controller.signal)).toBeNull();
  });
});

/** A search that never comes to its end. */
function* endless(work: Generator<SearchProgress | null, SearchProgress>): Generator<null, never> {
  work.next();
  for (;;) yield null;
}
