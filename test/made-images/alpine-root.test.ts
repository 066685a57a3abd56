import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImage } from '../../fixtures/image.ts';
import { writeOciLayout } from '../../fixtures/on-disk.ts';
import { file } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import type { CheckOutcome } from '../../src/posture/check.ts';
import { run } from '../commands/run.ts';
import { tool, wanting } from './tools.ts';

const { skip, reason } = wanting('busybox', 'tar');

const PASSWD = `root:x:0:0:root:/root:/bin/sh
bin:x:1:1:bin:/bin:/sbin/nologin
daemon:x:2:2:daemon:/sbin:/sbin/nologin
sync:x:5:0:sync:/sbin:/bin/sync
shutdown:x:6:0:shutdown:/sbin:/sbin/shutdown
halt:x:7:0:halt:/sbin:/sbin/halt
guest:x:405:100:guest:/dev/null:/sbin/nologin
nobody:x:65534:65534:nobody:/:/sbin/nologin
`;
const SHADOW = 'root:*::0:::::\nbin:!::0:::::\ndaemon:!::0:::::\nnobody:!::0:::::\n';
const INITTAB = '::sysinit:/sbin/openrc sysinit\n';

interface Scan {
  readonly findings: readonly Finding[];
  readonly checks: readonly CheckOutcome[];
}

/** Returns the checksum of a file content in apk format. */
const q1 = (content: Uint8Array | string): string =>
  `Q1${createHash('sha1').update(content).digest('base64')}`;

/** Three records of the apk database of installed packages. */
function installed(busybox: Uint8Array, suid: Uint8Array, version: string): string {
  return `C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=
P:alpine-baselayout
V:3.7.0-r0
A:x86_64
L:GPL-2.0-only
o:alpine-baselayout
F:etc
R:passwd
Z:${q1(PASSWD)}
R:inittab
Z:${q1(INITTAB)}

C:Q1BBBBBBBBBBBBBBBBBBBBBBBBBBB=
P:busybox
V:${version}
A:x86_64
o:busybox
F:bin
R:busybox
a:0:0:755
Z:${q1(busybox)}

C:Q1CCCCCCCCCCCCCCCCCCCCCCCCCCC=
P:busybox-suid
V:${version}
A:x86_64
o:busybox
F:bin
R:bbsuid
a:0:0:4111
Z:${q1(suid)}

`;
}

/** An Alpine-like root on busybox, and an application that upgrades a package. */
describe.skipIf(skip)(`an Alpine-like root${reason}`, () => {
  let folder = '';
  let image = '';
  let scan: Scan = { findings: [], checks: [] };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'exhume-alpine-'));
    const root = path.join(folder, 'root');
    const at = (...parts: string[]): string => path.join(root, ...parts);
    for (const each of ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'etc/apk/keys', 'lib/apk/db', 'root', 'home']) {
      await mkdir(at(each), { recursive: true });
    }
    for (const [each, mode] of [
      ['tmp', 0o1777],
      ['var/tmp', 0o1777],
      ['root', 0o700],
    ] as const) {
      await mkdir(at(each), { recursive: true });
      await chmod(at(each), mode);
    }
    await copyFile('/bin/busybox', at('bin/busybox'));
    await chmod(at('bin/busybox'), 0o755);
    for (const applet of (await tool('busybox', '--list')).split('\n')) {
      if (applet !== 'busybox') await symlink('/bin/busybox', at('bin', applet));
    }
    const busybox = await readFile(at('bin/busybox'));
    const suid = Buffer.from('\u007fELF bbsuid');
    await writeFile(at('bin/bbsuid'), suid);
    await chmod(at('bin/bbsuid'), 0o4111);
    await writeFile(at('etc/passwd'), PASSWD);
    await writeFile(at('etc/shadow'), SHADOW, { mode: 0o640 });
    await writeFile(at('etc/group'), 'root:x:0:root\nnobody:x:65534:\n');
    await writeFile(at('etc/inittab'), INITTAB);
    await writeFile(at('etc/os-release'), 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.99.1\n');
    await writeFile(at('etc/apk/repositories'), 'https://mirror.example/alpine/v3.99/main\n');
    await writeFile(at('lib/apk/db/installed'), installed(busybox, suid, '1.37.0-r18'));
    const layer = path.join(folder, 'layer.tar');
    await tool('tar', '-C', root, '--numeric-owner', '--owner=0', '--group=0', '-cf', layer, '.');
    const upgraded = Buffer.concat([busybox, Buffer.from('newer')]);
    const steps = [
      { tar: await readFile(layer), createdBy: 'ADD alpine-minirootfs.tar.gz / # buildkit' },
      { createdBy: 'CMD ["/bin/sh"]', empty: true as const },
      {
        createdBy: 'RUN /bin/sh -c apk upgrade --no-cache # buildkit',
        entries: [
          file('bin/busybox', upgraded, { mode: 0o755 }),
          file('lib/apk/db/installed', installed(upgraded, suid, '1.37.0-r19')),
        ],
      },
      {
        createdBy: 'RUN /bin/sh -c adduser -D app && apk add --allow-untrusted x.apk # buildkit',
        entries: [file('etc/passwd', `${PASSWD}app:x:1000:1000::/home/app:/bin/sh\n`)],
      },
      { createdBy: 'USER app', empty: true as const },
    ].map((step) => ({ comment: 'buildkit.dockerfile.v0', ...step }));
    const built = await buildImage({
      names: ['alpine:made'],
      steps,
      config: { User: 'app', Cmd: ['/bin/sh'] },
    });
    await writeOciLayout([built], path.join(folder, 'oci'));
    image = `oci:${path.join(folder, 'oci')}`;
    scan = JSON.parse((await run('scan', image, '--json')).stdout) as Scan;
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('lists the apk packages, and the layer that upgraded them', async () => {
    const { stdout } = await run('packages', image, '--json');
    const { packages } = JSON.parse(stdout) as {
      packages: {
        ecosystem: string;
        name: string;
        version: string;
        changes: { layer: number; change: string }[];
      }[];
    };
    expect(
      packages.map(({ changes, ecosystem, name, version }) =>
        [ecosystem, name, version, ...changes.map((each) => `${each.change} ${each.layer}`)].join(' '),
      ),
    ).toEqual([
      'apk alpine-baselayout 3.7.0-r0 added 0',
      'apk busybox 1.37.0-r19 added 0 changed 1',
      'apk busybox-suid 1.37.0-r19 added 0 changed 1',
    ]);
  });

  it('lists the setuid program of the distribution with its package', () => {
    const found = scan.findings.filter(({ rule }) => rule === 'privileged-file');
    expect(found).toMatchObject([
      { severity: 'low', origin: 'base', details: { '/bin/bbsuid': 'busybox-suid 1.37.0-r18' } },
    ]);
  });

  it('reports nothing except the changes of the application', () => {
    const reported = scan.findings.filter(
      ({ suppressed, severity }) => suppressed === null && severity !== 'info',
    );
    expect(reported.map(({ reason: why, rule, severity }) => [severity, rule, why])).toEqual([
      ['medium', 'unchecked-download', 'a RUN installs packages without checking signatures'],
      ['low', 'privileged-file', '1 file; containers rarely need them'],
    ]);
  });

  it('passes the check of packaged files: a package upgrade is not a change', () => {
    const of = (id: string): string => scan.checks.find((each) => each.id === id)!.result;
    const passing = ['root-user', 'accounts', 'writable-files', 'leftovers', 'update-alone', 'package-cache'];
    expect(passing.map((id) => [id, of(id)])).toEqual(passing.map((id) => [id, 'passed']));
    const changed = scan.findings.filter(({ rule }) => rule === 'package-file-changed');
    expect(changed.map(({ severity, where }) => [severity, where.path])).toEqual([['info', '/etc/passwd']]);
  });
});
