import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { PathTable, ROOT } from '../../../src/layer/path-table.ts';
import { matchPaths, parseFilter } from '../../../src/tui/tree/filter.ts';

const PATHS = ['etc/passwd', 'etc/shadow', 'home/me/.ssh/id_rsa', 'srv/Key.PEM', 'srv/a.js', 'srv/deep/b.js'];

function matches(text: string): string[] {
  const table = new PathTable();
  for (const path of PATHS) {
    let at = ROOT;
    for (const part of path.split('/')) at = table.child(at, Buffer.from(part));
  }
  const filter = parseFilter(text);
  if (!filter.ok) throw new Error(filter.message);
  const work = matchPaths(table, filter);
  let step = work.next();
  while (step.done !== true) step = work.next();
  const found: string[] = [];
  step.value.forEach((hit, id) => hit === 1 && found.push(Buffer.from(table.path(id)).toString()));
  return found;
}

describe('a filter', () => {
  it('matches names case-insensitively', () => {
    expect(matches('pem')).toEqual(['/srv/Key.PEM']);
    expect(matches('RSA')).toEqual(['/home/me/.ssh/id_rsa']);
  });

  it('matches whole paths if it has a slash', () => {
    expect(matches('etc/s')).toEqual(['/etc/shadow']);
  });

  it('is a glob on names', () => {
    expect(matches('*.js')).toEqual(['/srv/a.js', '/srv/deep/b.js']);
    expect(matches('.s*')).toEqual(['/home/me/.ssh']);
  });

  it('is a glob on paths, at any depth without a leading slash', () => {
    expect(matches('/srv/*.js')).toEqual(['/srv/a.js']);
    expect(matches('deep/*.js')).toEqual(['/srv/deep/b.js']);
    expect(matches('/srv/**')).toContain('/srv/deep/b.js');
  });

  it('is a regular expression between slashes', () => {
    expect(matches('/shadow$|passwd$/')).toEqual(['/etc/passwd', '/etc/shadow']);
    expect(matches('/key\\.pem/i')).toEqual(['/srv/Key.PEM']);
  });

  it('reports the error in a regular expression', () => {
    expect(parseFilter('/a(/')).toMatchObject({ ok: false });
  });
});
