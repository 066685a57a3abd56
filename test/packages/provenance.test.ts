import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dpkgStatus } from '../../fixtures/demo-base.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { rpmDatabase } from '../../fixtures/rpm-database.ts';
import { file, type FixtureEntry } from '../../fixtures/tar.ts';
import { fileKey, shippedBy } from '../../src/packages/provenance.ts';
import { stackedImage } from '../stacked.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-provenance-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const hash = (algorithm: string, text: string, encoding: 'hex' | 'base64' | 'base64url' = 'hex'): string =>
  createHash(algorithm).update(text).digest(encoding);

/** Returns the package of each file, in the given order. */
async function shipped(
  layers: FixtureEntry[][],
  files: [layer: number, path: string][],
): Promise<(string | undefined)[]> {
  const image = await buildImage({ steps: layers.map((entries, i) => ({ createdBy: `RUN ${i}`, entries })) });
  const archive = path.join(folder, 'image.tar');
  await writeFile(archive, await dockerArchive([image], { form: 'podman' }));
  const wanted = files.map(([layer, at]) => ({ layer, path: at }));
  const found = await shippedBy(await stackedImage(archive), wanted, undefined);
  return wanted.map((each) => found.get(fileKey(each)));
}

const KEY = 'a test key that everybody has\n';

describe('shippedBy', () => {
  it('matches dpkg files by md5, with the version of the layer and with or without /usr', async () => {
    const sums = `${hash('md5', KEY)}  lib/tls/test.key\n${hash('md5', KEY)}  usr/share/test.key\n`;
    const layer = (version: string): FixtureEntry[] => [
      file('usr/lib/tls/test.key', KEY),
      file('usr/share/test.key', KEY),
      file('var/lib/dpkg/info/libtls:amd64.md5sums', sums),
      file('var/lib/dpkg/status', dpkgStatus('libtls', version, 1, 'x')),
    ];
    expect(
      await shipped(
        [layer('1.0'), layer('1.1')],
        [
          [0, '/usr/lib/tls/test.key'],
          [1, '/usr/lib/tls/test.key'],
          [0, '/usr/share/test.key'],
        ],
      ),
    ).toEqual(['libtls 1.0', 'libtls 1.1', 'libtls 1.0']);
  });

  it('matches rpm files by sha256', async () => {
    const files = { '/usr/share/tls/test.key': hash('sha256', KEY), '/usr/share/tls/': '' };
    const database = rpmDatabase([{ name: 'libtls', version: '1.0', release: '2.el9', files }]);
    const layer = [file('var/lib/rpm/rpmdb.sqlite', database), file('usr/share/tls/test.key', KEY)];
    expect(await shipped([layer], [[0, '/usr/share/tls/test.key']])).toEqual(['libtls 1.0-2.el9']);
  });

  it('does not match a modified or moved file', async () => {
    const sums = `${hash('md5', KEY)}  usr/share/test.key\n`;
    const database = file('var/lib/dpkg/info/a.md5sums', sums);
    const changed = [file('usr/share/test.key', `${KEY}!`), database, file('root/test.key', KEY)];
    expect(
      await shipped(
        [changed],
        [
          [0, '/usr/share/test.key'],
          [0, '/root/test.key'],
        ],
      ),
    ).toEqual([undefined, undefined]);
    expect(await shipped([[file('usr/share/test.key', KEY)]], [[0, '/usr/share/test.key']])).toEqual([
      undefined,
    ]);
  });

  it('matches dpkg configuration files by the status file', async () => {
    const status = dpkgStatus('sshd', '9', 1, 'x').replace(
      'Description',
      `Conffiles:\n /etc/ssh/moduli ${hash('md5', KEY)}\n /etc/old ${hash('md5', KEY)} obsolete\nDescription`,
    );
    const layer = [file('etc/ssh/moduli', KEY), file('etc/old', KEY), file('var/lib/dpkg/status', status)];
    expect(
      await shipped(
        [layer],
        [
          [0, '/etc/ssh/moduli'],
          [0, '/etc/old'],
        ],
      ),
    ).toEqual(['sshd 9', 'sshd 9']);
  });

  it('reads checksums and versions of distroless images', async () => {
    const layer = [
      file('usr/share/k', KEY),
      file('var/lib/dpkg/status.d/base', 'Package: base\nVersion: 12.4\n'),
      file('var/lib/dpkg/status.d/base.md5sums', `${hash('md5', KEY)}  usr/share/k\n`),
    ];
    expect(await shipped([layer], [[0, '/usr/share/k']])).toEqual(['base 12.4']);
  });

  it('matches apk files by sha1, also of a lower layer', async () => {
    const installed = `P:tls\nV:3-r0\nF:etc/tls\nR:test.key\nZ:Q1${hash('sha1', KEY, 'base64')}\n`;
    const layers = [[file('lib/apk/db/installed', installed)], [file('etc/tls/test.key', KEY)]];
    expect(await shipped(layers, [[1, '/etc/tls/test.key']])).toEqual(['tls 3-r0']);
  });

  it('matches pip files by sha256, unless the package was installed from a local directory', async () => {
    const site = 'usr/lib/python3/site-packages';
    const record = (more: string): FixtureEntry =>
      file(
        `${site}/google_auth-2.0.dist-info/RECORD`,
        `google/auth.pem,sha256=${hash('sha256', KEY, 'base64url')},30\n` +
          `../../../bin/tool,sha256=${hash('sha256', KEY, 'base64url')},30\n${more}`,
      );
    const files = [file(`${site}/google/auth.pem`, KEY), file('usr/bin/tool', KEY)];
    const wanted: [number, string][] = [
      [0, `/${site}/google/auth.pem`],
      [0, '/usr/bin/tool'],
    ];
    expect(await shipped([[...files, record('x/RECORD,,\n')]], wanted)).toEqual([
      'google_auth 2.0',
      'google_auth 2.0',
    ]);
    const own = record(`google_auth-2.0.dist-info/direct_url.json,sha256=${'A'.repeat(43)},9\n`);
    expect(await shipped([[...files, own]], wanted)).toEqual([undefined, undefined]);
  });
});
