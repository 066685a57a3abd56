import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rpmDatabase, type RpmFixture, rpmHeader, sqliteFile } from '../../fixtures/rpm-database.ts';
import { readRpm, readRpmFiles } from '../../src/packages/readers/rpm.ts';
import { readSqliteTable } from '../../src/packages/readers/sqlite-table.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const BASH: RpmFixture = {
  name: 'bash',
  version: '5.2.26',
  release: '4.el10',
  architecture: 'x86_64',
  source: 'bash-5.2.26-4.el10.src.rpm',
  files: { '/usr/bin/bash': sha256('bash'), '/usr/bin/sh': '', '/etc/skel/.bashrc': sha256('rc') },
};
const DNF: RpmFixture = { name: 'dnf', version: '4.20.0', release: '1', epoch: 1, architecture: 'noarch' };
/** As large as the record of a package with thousands of files: needs many overflow pages. */
const LARGE: RpmFixture = {
  name: 'large',
  version: '1',
  release: '1',
  files: Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`/opt/large/${i}`, sha256(String(i))])),
};

describe('rpm database', () => {
  it('lists packages with epoch, version and release joined, and the source package', () => {
    expect(readRpm(rpmDatabase([BASH, DNF]))).toEqual([
      {
        ecosystem: 'rpm',
        name: 'bash',
        version: '5.2.26-4.el10',
        architecture: 'x86_64',
        source: 'bash-5.2.26-4.el10.src.rpm',
      },
      { ecosystem: 'rpm', name: 'dnf', version: '1:4.20.0-1', architecture: 'noarch', source: null },
    ]);
  });

  it('skips public keys', () => {
    const key = { name: 'gpg-pubkey', version: 'fd431d51', release: '4ae0493b' };
    expect(readRpm(rpmDatabase([key, DNF]))!.map(({ name }) => name)).toEqual(['dnf']);
  });

  it('lists files that have a checksum', () => {
    const files = [...readRpmFiles(rpmDatabase([BASH]))].map((each) => [
      each.path,
      each.algorithm,
      each.hash,
    ]);
    expect(files).toEqual([
      ['/usr/bin/bash', 'sha256', sha256('bash')],
      ['/etc/skel/.bashrc', 'sha256', sha256('rc')],
    ]);
  });

  it('reads rows with many overflow pages', () => {
    const files = [...readRpmFiles(rpmDatabase([BASH, LARGE, DNF]))];
    expect(files).toHaveLength(902);
    expect(files.at(-1)).toMatchObject({ path: '/opt/large/899', hash: sha256('899') });
  });

  it('returns an empty list for an empty database, and null for an invalid or truncated one', () => {
    expect(readRpm(rpmDatabase([]))).toEqual([]);
    const whole = rpmDatabase([BASH, LARGE]);
    expect(readRpm(Buffer.from('x'))).toBeNull();
    expect(readRpm(whole.subarray(0, 8192))).toBeNull();
    expect(readRpm(whole.subarray(0, -4096))).toBeNull();
    expect(readRpm(sqliteFile('Other', [rpmHeader(BASH)]))).toBeNull();
    expect(readRpm(sqliteFile('Packages', [Buffer.from([0, 0, 0, 9, 0, 0, 0, 0])]))).toBeNull();
  });

  it('terminates with any byte changed', () => {
    const whole = rpmDatabase([BASH, LARGE]);
    let state = 7;
    for (let i = 0; i < 1000; i++) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      const broken = Buffer.from(whole);
      broken[state % (i % 2 === 0 ? whole.length : 9000)] = state >>> 24;
      const found = readRpm(broken);
      expect(found === null || found.length <= 64).toBe(true);
      expect([...readRpmFiles(broken)].length).toBeLessThan(100_000);
    }
  });

  it('rejects overlapping rows, which would exceed the file size', () => {
    const whole = rpmDatabase([BASH]);
    // Give the only leaf of the table a thousand pointers to its one cell.
    const leaf = 2 * 4096;
    const at = whole.readUInt16BE(leaf + 8);
    whole.writeUInt16BE(1000, leaf + 3);
    for (let i = 0; i < 1000; i++) whole.writeUInt16BE(at, leaf + 8 + 2 * i);
    expect(readRpm(whole)).toBeNull();
  });

  it('terminates on a page that points to itself', () => {
    const whole = rpmDatabase([BASH, DNF]);
    // The right-most pointer of the root page.
    whole.writeUInt32BE(2, 4096 + 8);
    expect(readRpm(whole)).toBeNull();
  });
});

describe('readSqliteTable', async () => {
  const sqlite = await import('node:sqlite').catch(() => null);
  const without = sqlite === null ? ' (skipped: this Node has no node:sqlite)' : '';

  it.skipIf(sqlite === null)(`reads the same rows as SQLite${without}`, () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'exhume-sqlite-'));
    try {
      const theirs = path.join(folder, 'theirs.sqlite');
      const database = new sqlite!.DatabaseSync(theirs);
      database.exec('PRAGMA page_size = 1024; CREATE TABLE Other (a TEXT); CREATE INDEX b ON Other (a);');
      database.exec('CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB, n, t, r)');
      // One transaction, so that SQLite syncs to disk only once.
      database.exec('BEGIN');
      const insert = database.prepare('INSERT INTO Packages (blob, n, t, r) VALUES (?, ?, ?, ?)');
      for (let i = 0; i < 800; i++) {
        insert.run(Buffer.alloc((i * 37) % 9000, i), (i - 400) * 1_000_003, `t${'é'.repeat(i % 60)}`, i / 3);
      }
      database.exec('DELETE FROM Packages WHERE hnum % 7 = 0; COMMIT');
      const rows = database.prepare('SELECT blob, n, t, r FROM Packages ORDER BY hnum').all();
      database.close();
      const plain = (value: unknown): unknown =>
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
      const expected = rows.map((row) => [null, ...Object.values(row).map(plain)]);
      expect(readSqliteTable(readFileSync(theirs), 'Packages')!.map((row) => row.map(plain))).toEqual(
        expected,
      );
      const ours = path.join(folder, 'ours.sqlite');
      writeFileSync(ours, rpmDatabase([BASH, LARGE, DNF]));
      const check = new sqlite!.DatabaseSync(ours, { readOnly: true });
      expect(check.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
      expect(check.prepare('SELECT count(*) AS n FROM Packages').get()).toEqual({ n: 3 });
      check.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
