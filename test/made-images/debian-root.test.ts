import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildImage } from '../../fixtures/image.ts';
import { writeOciLayout } from '../../fixtures/on-disk.ts';
import { file } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import type { CheckOutcome } from '../../src/posture/check.ts';
import { run } from '../commands/run.ts';
import { tool, wanting } from './tools.ts';

const { skip, reason } = wanting('debootstrap', 'tar', 'dpkg-query');
const PACKAGES = 'python3,python3-pip,nodejs,git,openssh-server,ca-certificates';
const BUILDKIT = { comment: 'buildkit.dockerfile.v0' };

interface Scan {
  readonly findings: readonly Finding[];
  readonly checks: readonly CheckOutcome[];
}

/** A real root and an application: every reported finding must be worth a look. */
describe.skipIf(skip)(`a Debian root with Python, Node and Git${reason}`, () => {
  let folder = '';
  let root = '';
  let image = '';
  let lacking = '';
  let scan: Scan = { findings: [], checks: [] };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'exhume-debian-'));
    root = path.join(folder, 'root');
    try {
      await tool('debootstrap', '--variant=minbase', `--include=${PACKAGES}`, 'bookworm', root);
    } catch {
      // Installing packages needs the network and privileges that a container may lack.
      lacking = 'debootstrap cannot run here';
      return;
    }
    const layer = path.join(folder, 'layer.tar');
    await tool('tar', '-C', root, '--numeric-owner', '-cf', layer, '.');
    const steps = [
      { tar: await readFile(layer), createdBy: '/bin/sh -c #(nop) ADD file:rootfs in / ' },
      { createdBy: '/bin/sh -c #(nop)  CMD ["bash"]', empty: true as const },
      {
        createdBy: 'COPY app /srv/app # buildkit',
        ...BUILDKIT,
        entries: [file('srv/app', '#!', { mode: 0o755 })],
      },
      {
        createdBy: 'RUN /bin/sh -c chmod u+s /usr/bin/git && echo >> /usr/bin/which # buildkit',
        ...BUILDKIT,
        entries: [
          file('usr/bin/git', await readFile(path.join(root, 'usr/bin/git')), { mode: 0o4755 }),
          file('usr/bin/debconf', 'another', { mode: 0o755 }),
        ],
      },
      { createdBy: 'USER nobody', ...BUILDKIT, empty: true as const },
    ];
    const built = await buildImage({ names: ['debian:made'], steps, config: { User: 'nobody' } });
    await writeOciLayout([built], path.join(folder, 'oci'));
    image = `oci:${path.join(folder, 'oci')}`;
    const { status, stdout } = await run('scan', image, '--json');
    expect(status).toBe(0);
    scan = JSON.parse(stdout) as Scan;
  });

  beforeEach((context) => {
    if (lacking !== '') context.skip(lacking);
  });

  afterAll(async () => {
    // An interrupted debootstrap leaves them mounted.
    for (const name of ['proc', 'sys']) await execa('umount', [path.join(root, name)], { reject: false });
    await rm(folder, { recursive: true, force: true });
  });

  const posture = (): Finding[] => scan.findings.filter(({ kind }) => kind === 'posture');

  it('reports no credentials except the host keys created by the installation', () => {
    const reported = scan.findings.filter(({ kind, suppressed }) => kind === 'secret' && suppressed === null);
    expect(reported.length).toBeLessThanOrEqual(5);
    const unexpected = reported.filter(
      ({ where }) => !/^\/etc\/ssh\/ssh_host_\w+_key$/.test(where.path ?? ''),
    );
    expect(unexpected.map(({ rule, where }) => [rule, where.path])).toEqual([]);
  });

  it('lists the same packages as dpkg', async () => {
    const format = '${db:Status-Status} ${Package} ${Version} ${Architecture}\\n';
    const admin = `--admindir=${path.join(root, 'var/lib/dpkg')}`;
    const reported = (await tool('dpkg-query', admin, '-W', `-f=${format}`))
      .split('\n')
      .filter((line) => line.startsWith('installed '))
      .map((line) => line.slice('installed '.length));
    const { stdout } = await run('packages', image, '--json', '--no-programs');
    const { packages } = JSON.parse(stdout) as {
      packages: { ecosystem: string; name: string; version: string; architecture: string; state: string }[];
    };
    const found = packages.filter(({ ecosystem, state }) => ecosystem === 'deb' && state === 'live');
    expect(found.length).toBeGreaterThan(100);
    const texts = found.map((each) => `${each.name} ${each.version} ${each.architecture}`);
    expect(texts.toSorted()).toEqual(reported.toSorted());
  });

  it('lists all setuid and setgid files of packages as expected, at low severity', async () => {
    const privileged = (await tool('find', root, '-xdev', '-type', 'f', '-perm', '/6000'))
      .split('\n')
      .map((line) => line.slice(root.length));
    const expected = posture().find(({ title }) => title === 'Setuid files of the distribution');
    expect(expected).toMatchObject({ severity: 'low', origin: 'base' });
    expect(expected!.occurrences.map(({ where }) => where.path).toSorted()).toEqual(privileged.toSorted());
    const packages = Object.entries(expected!.details);
    expect(packages.filter(([, by]) => !/^[a-z0-9.+-]+ \S*\d/.test(by))).toEqual([]);
    expect(expected!.details['/usr/bin/passwd']).toMatch(/^passwd 1:4/);
  });

  it('reports the setuid file and the modified packaged file of the application', () => {
    const own = posture().filter(({ origin, rule }) => origin === 'application' && rule !== 'no-healthcheck');
    expect(own.map(({ rule, severity, where }) => [rule, severity, where.path])).toEqual([
      ['package-file-changed', 'high', '/usr/bin/debconf'],
      ['privileged-file', 'high', '/usr/bin/git'],
    ]);
  });

  it('reports nothing else except the SSH server, its host keys, and the age', () => {
    const others = posture().filter(
      ({ origin, severity }) => origin !== 'application' && severity !== 'info',
    );
    const reported = new Set(others.map(({ rule, severity, title }) => `${severity} ${rule}: ${title}`));
    // Checked at a fixed date, because the suite named above gets outdated.
    reported.delete('medium base-age: Distribution past its end of support');
    expect([...reported]).toEqual([
      'high ssh-server: SSH host keys in the image',
      'medium ssh-server: SSH server',
      'low privileged-file: Setuid files of the distribution',
    ]);
  });

  it('passes the checks that a clean root passes', () => {
    const passed = scan.checks.filter(({ result }) => result === 'passed').map(({ id }) => id);
    expect(passed).toEqual(
      expect.arrayContaining([
        'root-user',
        'accounts',
        'system-file-changed',
        'writable-files',
        'leftovers',
        'package-cache',
        'waste',
      ]),
    );
  });
});
