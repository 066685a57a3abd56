import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dpkgStatus } from '../../fixtures/demo-base.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file, type FixtureEntry, hardlink, opaque, symlink, whiteout } from '../../fixtures/tar.ts';
import { findPackages, type Inventory } from '../../src/packages/inventory.ts';
import { rpmDatabase, type RpmFixture } from '../../fixtures/rpm-database.ts';
import { stackedImage } from '../stacked.ts';
import { goBuildInfo, goProgram } from './go-program.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-packages-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function inventory(...layers: FixtureEntry[][]): Promise<Inventory> {
  const image = await buildImage({
    steps: layers.map((entries, i) => ({ createdBy: `RUN ${i}`, entries, compression: 'gzip' })),
  });
  const archive = path.join(folder, 'image.tar');
  await writeFile(archive, await dockerArchive([image], { form: 'podman' }));
  return findPackages(await stackedImage(archive), { programs: true });
}

/** Formats packages as `deb curl 1 -> 2 live: +0 ~2`, with the changes by layer. */
const inShort = ({ packages }: Inventory): string[] =>
  packages.map(({ ecosystem, name, version, state, changes }) => {
    const marks = { added: '+', changed: '~', removed: '-' };
    const line = changes.map(({ change, layer }) => `${marks[change]}${layer}`).join(' ');
    return `${ecosystem} ${name} ${version} ${state}: ${line}`;
  });

const status = (...packages: [name: string, version: string][]): FixtureEntry =>
  file('var/lib/dpkg/status', packages.map(([name, version]) => dpkgStatus(name, version, 1, 'x')).join(''));

describe('findPackages', () => {
  it('lists the dpkg packages that each layer added, changed and removed', async () => {
    const found = await inventory(
      [status(['bash', '5.1'], ['curl', '7.1'], ['make', '4'])],
      [file('etc/x', '')],
      [status(['bash', '5.1'], ['curl', '7.2'], ['gcc', '12'])],
    );
    expect(inShort(found)).toEqual([
      'deb bash 5.1 live: +0',
      'deb curl 7.2 live: +0 ~2',
      'deb gcc 12 live: +2',
      'deb make 4 removed: +0 -2',
    ]);
    expect(found.packages[1]!.changes[1]).toEqual({
      layer: 2,
      change: 'changed',
      version: '7.2',
      previous: '7.1',
    });
  });

  it('marks packages as removed if their database is deleted', async () => {
    const gone = await inventory([status(['bash', '5'])], [whiteout('var/lib/dpkg/status')]);
    expect(inShort(gone)).toEqual(['deb bash 5 removed: +0 -1']);
    const back = await inventory([status(['bash', '5'])], [opaque('var/lib/dpkg')], [status(['bash', '5'])]);
    expect(inShort(back)).toEqual(['deb bash 5 live: +0 -1 +2']);
  });

  it('reads one file per package in distroless images, but no checksum files', async () => {
    const found = await inventory([
      file('var/lib/dpkg/status.d/base', 'Package: base-files\nVersion: 12\n'),
      file('var/lib/dpkg/status.d/base.md5sums', 'Package: no\nVersion: 1\n'),
    ]);
    expect(inShort(found)).toEqual(['deb base-files 12 live: +0']);
  });

  it('reads the apk database at both paths', async () => {
    const old = await inventory([file('lib/apk/db/installed', 'P:musl\nV:1\n')]);
    const merged = await inventory([file('usr/lib/apk/db/installed', 'P:musl\nV:1\n')]);
    for (const found of [old, merged]) expect(inShort(found)).toEqual(['apk musl 1 live: +0']);
  });

  it('distinguishes npm, pip and gem packages by directory', async () => {
    const site = 'usr/lib/python3/site-packages';
    const gems = 'usr/lib/ruby/gems/3.1.0/specifications';
    const npm = (at: string, version: string): FixtureEntry =>
      file(`${at}/node_modules/left-pad/package.json`, JSON.stringify({ name: 'left-pad', version }));
    const found = await inventory(
      [
        npm('app', '1.0.0'),
        npm('app/node_modules/b', '0.9.0'),
        file('app/node_modules/left-pad/test/package.json', '{"name":"no","version":"1"}'),
        file(`${site}/Flask-2.0.dist-info/METADATA`, 'Name: Flask\nVersion: 2.0\n'),
        file(`${site}/old.egg-info`, 'Name: old\nVersion: 1\n'),
        file(`${gems}/rake-13.gemspec`, 's.name = "rake"\ns.version = "13"\n'),
      ],
      [
        npm('app', '1.3.0'),
        whiteout(`${site}/Flask-2.0.dist-info`),
        file(`${site}/flask-3.0.dist-info/METADATA`, 'Name: flask\nVersion: 3.0\n'),
        whiteout(`${site}/old.egg-info`),
        file(`${gems}/rake-14.gemspec`, 's.name = "rake"\ns.version = "14"\n'),
      ],
    );
    expect(inShort(found)).toEqual([
      'gem rake 13 live: +0',
      'gem rake 14 live: +1',
      'npm left-pad 0.9.0 live: +0',
      'npm left-pad 1.3.0 live: +0 ~1',
      'pypi flask 3.0 live: +0 ~1',
      'pypi old 1 removed: +0 -1',
    ]);
  });

  it('reads the modules of Go programs, and ignores other programs', async () => {
    const info = goBuildInfo('go1.22.1', ['mod\texample.com/app\tv1.0.0', 'dep\texample.com/lib\tv0.2.0']);
    const program = goProgram(info);
    const found = await inventory(
      [
        file('usr/bin/app', program, { mode: 0o755 }),
        file('usr/bin/data', program, { mode: 0o644 }),
        file('usr/bin/other', Buffer.concat([Buffer.from('#!'), program]), { mode: 0o755 }),
      ],
      [whiteout('usr/bin/app')],
    );
    expect(inShort(found)).toEqual([
      'golang example.com/app v1.0.0 removed: +0 -1',
      'golang example.com/lib v0.2.0 removed: +0 -1',
      'golang stdlib 1.22.1 removed: +0 -1',
    ]);
  });

  it('keeps a Go program while one of its hard links is live', async () => {
    const program = goProgram(goBuildInfo('go1.22.1', []));
    const layer = [file('usr/bin/app', program, { mode: 0o755 }), hardlink('usr/bin/alias', 'usr/bin/app')];
    const kept = await inventory(layer, [whiteout('usr/bin/app')]);
    expect(inShort(kept)).toEqual(['golang stdlib 1.22.1 live: +0']);
    expect(kept.packages[0]!.path).toBe('/usr/bin/alias');
    const gone = await inventory(layer, [whiteout('usr/bin/app'), whiteout('usr/bin/alias')]);
    expect(inShort(gone)).toEqual(['golang stdlib 1.22.1 removed: +0 -1']);
  });

  it('finds build information across chunk boundaries', async () => {
    const info = goBuildInfo('go1.22.1', []);
    for (const at of [65_536 - 7, 131_072 - 3, 65_536 * 3 - 14, 400_001]) {
      const found = await inventory([file('app', goProgram(info, at), { mode: 0o755 })]);
      expect(inShort(found), String(at)).toEqual(['golang stdlib 1.22.1 live: +0']);
    }
  });

  it('lists databases that were not read', async () => {
    const found = await inventory(
      [file('var/lib/rpm/rpmdb.sqlite', 'x')],
      [file('usr/lib/sysimage/rpm/Packages.db', '')],
    );
    expect(found.packages).toEqual([]);
    const missing = 'the rpm packages of the image are not listed';
    expect(found.unread).toEqual([
      {
        path: '/usr/lib/sysimage/rpm/Packages.db',
        layers: [1],
        reason: `rpm databases are supported only in SQLite format; ${missing}`,
      },
      {
        path: '/var/lib/rpm/rpmdb.sqlite',
        layers: [0],
        reason: `not a valid rpm database; ${missing}`,
      },
    ]);
  });

  it('reads rpm databases in SQLite format; an invalid one removes no packages', async () => {
    const made = (version: string): RpmFixture => ({ name: 'openssl', version, release: '1' });
    const dnf = { name: 'dnf', version: '4', release: '2', epoch: 1 };
    const database = (...packages: RpmFixture[]): FixtureEntry =>
      file('var/lib/rpm/rpmdb.sqlite', rpmDatabase(packages));
    const found = await inventory(
      [database(made('3.2'), dnf)],
      [database(made('3.5'))],
      [file('var/lib/rpm/rpmdb.sqlite', 'broken')],
    );
    expect(inShort(found)).toEqual(['rpm dnf 1:4-2 removed: +0 -1', 'rpm openssl 3.5-1 live: +0 ~1']);
    expect(found.unread.map(({ layers }) => layers)).toEqual([[2]]);
  });

  it('reads the distribution through a symbolic link', async () => {
    const release = 'ID="alpine"\nVERSION_ID=3.20.1\nPRETTY_NAME="Alpine Linux v3.20"\n';
    const { distribution } = await inventory([
      symlink('etc/os-release', '../usr/lib/os-release'),
      file('usr/lib/os-release', release),
    ]);
    expect(distribution).toEqual({ id: 'alpine', version: '3.20.1', title: 'Alpine Linux v3.20' });
  });
});
