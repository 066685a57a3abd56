import type * as fs from 'node:fs';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ociArchive } from '../../fixtures/forms.ts';
import { buildImage, type FixtureLayer } from '../../fixtures/image.ts';
import { dir, file, packTar } from '../../fixtures/tar.ts';
import { healAll, markBad } from '../bytes/bad-sectors.ts';
import { run } from './run.ts';

vi.mock('node:fs', async (original) =>
  (await import('../bytes/bad-sectors.ts')).onBadDisk(await original<typeof fs>()),
);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'exhume-incomplete-'));
});
afterEach(healAll);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes an image with an intact base and the given layers. Returns its path. */
async function imageWith(name: string, ...layers: Omit<FixtureLayer, 'createdBy'>[]): Promise<string> {
  const steps = [
    { createdBy: 'COPY base /', entries: [dir('etc/'), file('etc/passwd', 'root:x:0:0::/root:/bin/sh\n')] },
    ...layers.map((layer, index) => ({ createdBy: `COPY ${index} /`, ...layer })),
  ];
  const archive = path.join(folder, `${name}.tar`);
  writeFileSync(archive, await ociArchive([await buildImage({ names: ['t:1'], steps })]));
  return archive;
}

const entries = [file('x', 'x')];
const BROKEN = {
  missing: { entries, missing: true },
  'not a tar': { tar: Buffer.from('no tar at all '.repeat(100)) },
  cut: { tar: (await packTar([file('x', 'x'.repeat(5000))])).subarray(0, 3000) },
  'not what its diffID says': { tar: await packTar(entries), blob: await packTar([file('x', 'other')]) },
} as const;

describe.each(Object.entries(BROKEN))('a layer that is %s', (name, layer) => {
  let image = '';
  beforeAll(async () => {
    image = await imageWith(name, layer);
  });
  const isMismatch = name.includes('diffID');
  const told = isMismatch ? /layer 1 diffID does not match/ : /layer 1 was not read: /;

  it('fails a CI gate in every format, and says why', async () => {
    for (const format of ['table', 'csv', 'json', 'sarif', 'junit']) {
      const { status, stdout } = await run(
        'scan',
        image,
        '--fail-on',
        'critical',
        '--quiet',
        '--format',
        format,
      );
      expect(status, format).toBe(4);
      if (format !== 'json') expect(stdout, format).toMatch(told);
    }
    const { invocations } = JSON.parse((await run('scan', image, '--format', 'sarif')).stdout).runs[0];
    expect(invocations).toMatchObject([
      { executionSuccessful: false, toolExecutionNotifications: [{ level: 'error' }] },
    ]);
    expect((await run('scan', image, '--format', 'junit')).stdout).toMatch(
      /classname="exhume\.(?:incomplete|digest-mismatch)" name="layer 1"><failure/,
    );
  });

  it('passes the gate with --allow-incomplete, but is still mentioned', async () => {
    const scan = (...argv: string[]) => run('scan', image, '--allow-incomplete', ...argv);
    const table = await scan();
    expect(table.status).toBe(0);
    expect(table.stdout).toMatch(told);
    const sarif = await scan('--format', 'sarif');
    expect(JSON.parse(sarif.stdout).runs[0].invocations).toMatchObject([
      { executionSuccessful: true, toolExecutionNotifications: [{ level: 'warning' }] },
    ]);
    expect((await scan('--format', 'junit')).stdout).toContain('name="layer 1"><skipped');
  });

  it.each(['bodyfile', 'timesketch'])('is told by the %s report', async (format) => {
    const { status, stdout } = await run('report', image, '-o', '-', '--format', format, '--quiet');
    expect([status, stdout.split('\n')[0]]).toEqual([4, expect.stringMatching(told)]);
    if (format === 'bodyfile') expect(stdout).toMatch(/^# /);
    else expect(JSON.parse(stdout.split('\n')[0]!).datetime).toMatch(/^\d{4}-/);
  });

  it('is exit status 4 of cat, whose output is a file of another layer', async () => {
    const { status, stderr, stdout } = await run('cat', image, '/etc/passwd');
    expect([status, stdout]).toEqual([4, 'root:x:0:0::/root:/bin/sh\n']);
    expect(stderr).toMatch(told);
  });

  it.skipIf(isMismatch)('is named when a path that it may have is not found', async () => {
    for (const command of ['cat', 'path']) {
      const { status, stderr } = await run(command, image, '/in/the/unread/layer');
      expect([command, status]).toEqual([command, 3]);
      expect(stderr).toContain('cannot find /in/the/unread/layer: layer 1 was not read and may have it: ');
    }
  });

  it('does not hide a missed goal', async () => {
    expect((await run('scan', image, '--fail-on', 'info')).status).toBe(1);
    expect((await run('scan', image, '--fail-on', 'info', '--allow-incomplete')).status).toBe(1);
  });

  it('makes every command that reads it exit with 4', async () => {
    const report = path.join(folder, `${name}.json`);
    expect((await run('report', image, '-o', report)).status).toBe(4);
    const { incomplete, verdict } = JSON.parse(readFileSync(report, 'utf8'));
    expect([incomplete.length > 0, verdict.clean]).toEqual([!isMismatch, false]);
    for (const argv of [
      ['summary', image],
      [image],
      ['verify', report, image, '--goal', 'no-secrets'],
      ['compare', image, image],
      ['ls', image],
      ['path', image, '/etc/passwd'],
      ['history', image],
      ['dockerfile', image],
      ['waste', image],
      ['packages', image],
      ['extract', image, '/etc/passwd', '-o', path.join(folder, `out of ${name}`)],
    ]) {
      const { status, stdout } = await run(...argv, '--json');
      expect(status, argv[0]).toBe(4);
      const listed = JSON.parse(stdout).incomplete as { layer: number }[];
      expect(listed.length > 0, argv[0]).toBe(!isMismatch);
      for (const part of listed) expect(part.layer).toBe(1);
    }
  });

  it.skipIf(isMismatch)('leaves checks that depend on its files unknown', async () => {
    const { checks } = JSON.parse((await run('scan', image, '--json')).stdout) as {
      checks: { id: string; result: string }[];
    };
    const passed = checks.filter(({ result }) => result === 'passed').map(({ id }) => id);
    for (const id of [
      'accounts',
      'leftovers',
      'ssh-server',
      'privileged-file',
      'writable-files',
      'base-age',
    ]) {
      expect(passed).not.toContain(id);
    }
  });

  it.skipIf(isMismatch)('is mentioned in a bill of materials', async () => {
    const { status, stdout } = await run('packages', image, '--format', 'cyclonedx');
    expect(status).toBe(4);
    expect(JSON.parse(stdout).metadata.properties).toEqual([
      { name: 'exhume:incomplete', value: expect.stringMatching(told) },
    ]);
  });

  it.skipIf(isMismatch)('is mentioned at the top of a report', async () => {
    for (const format of ['markdown', 'html']) {
      const { stdout } = await run('report', image, '-o', '-', '--format', format);
      expect(stdout.slice(0, 20_000)).toMatch(/This report is incomplete[\s\S]*layer 1 was not read/);
    }
  });
});

it('exits with 0 and an empty list for an image that was read completely', async () => {
  const { status, stdout } = await run('scan', await imageWith('whole', { entries }), '--json');
  expect([status, JSON.parse(stdout).incomplete]).toEqual([0, []]);
});

it('scans a layer that is not a tar and does not claim to be one', async () => {
  const text = Buffer.from(`password = "${['Tr0ub4dor', 'horse', 'staple'].join('-')}"\n`);
  const image = await imageWith('artifact', { tar: text, mediaType: 'text/plain' });
  const { status, stdout } = await run('scan', image, '--json', '--show-suppressed');
  const { findings, layers } = JSON.parse(stdout);
  expect([status, layers[1].status]).toEqual([0, 'opaque']);
  const surfaces = (findings as { kind: string; where: { layer: number; surface: string } }[])
    .filter(({ kind }) => kind === 'secret')
    .map(({ where }) => [where.layer, where.surface]);
  expect(surfaces).toContainEqual([1, 'archive']);
});

describe('a bad sector', () => {
  const large = Buffer.from(
    Array.from({ length: 300_000 }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 11) & 0xff),
  );
  /** Returns the offset of a member's header in an archive. Its content starts 512 bytes later. */
  const headerOf = (image: string, name: string): number =>
    readFileSync(image).indexOf(Buffer.from(`${name}\0\0`, 'latin1'));
  let image = '';
  beforeAll(async () => {
    image = await imageWith('disk', {
      entries: [file('before', 'BEFORE'), file('large', large), file('behind', 'BEHIND')],
    });
  });

  it('in file content affects no header and no other content', async () => {
    const at = headerOf(image, 'large') + 512 + 100_000;
    markBad(image, at, at + 1000);
    const listed = await run('ls', image, '--layer', '1');
    expect(listed.status).toBe(4);
    for (const name of ['/before', '/large', '/behind']) expect(listed.stdout).toContain(name);
    for (const [name, content] of [
      ['/before', 'BEFORE'],
      ['/behind', 'BEHIND'],
      ['/etc/passwd', 'root:x:0:0::/root:/bin/sh\n'],
    ] as const) {
      expect((await run('cat', image, name)).stdout).toBe(content);
    }
    const out = path.join(folder, 'intact');
    expect((await run('extract', image, '/behind', '-o', out)).status).toBe(4);
    expect(readFileSync(path.join(out, 'behind'), 'utf8')).toBe('BEHIND');
  });

  it('in file content is reported with file and offset', async () => {
    const at = headerOf(image, 'large') + 512 + 102_400;
    const sector = at - (at % 512);
    markBad(image, at, at + 1);
    const where = `${image} at offset ${sector}`;
    for (const [expected, ...argv] of [
      [3, 'cat', image, '/large', '--raw'],
      [4, 'extract', image, '/large', '-o', path.join(folder, 'damaged')],
    ] as const) {
      const { status, stderr } = await run(...argv);
      expect(status).toBe(expected);
      expect(stderr).toContain(where);
      expect(stderr).not.toContain('an error in exhume itself');
    }
    for (const command of ['summary', 'scan']) {
      const { status, stdout } = await run(command, image, '--json');
      expect(status).toBe(4);
      expect(JSON.parse(stdout)).toMatchObject({
        incomplete: [{ layer: 1, what: 'range', file: image, offset: sector, length: 512 }],
        layers: [{ status: 'indexed' }, { status: 'damaged', verified: { digest: null, diffId: null } }],
      });
    }
  });

  it('in a header does not affect later headers', async () => {
    markBad(image, headerOf(image, 'large'), headerOf(image, 'large') + 10);
    const { status, stdout } = await run('ls', image, '--layer', '1');
    expect(status).toBe(4);
    expect(stdout).toContain('/before');
    expect(stdout).toContain('/behind');
    expect((await run('cat', image, '/behind')).stdout).toBe('BEHIND');
  });

  it('in a compressed layer does not affect earlier entries', async () => {
    const packed = await imageWith('packed', {
      entries: [file('before', 'BEFORE'), file('large', large), file('behind', 'BEHIND')],
      compression: 'gzip',
    });
    const at = Math.floor(readFileSync(packed).length / 2);
    markBad(packed, at, at + 1);
    const { status, stdout } = await run('ls', packed, '--layer', '1');
    expect(status).toBe(4);
    expect(stdout).toContain('/before');
    expect(stdout).not.toContain('/behind');
    expect((await run('cat', packed, '/before')).stdout).toBe('BEFORE');
    expect((await run('scan', packed)).status).toBe(4);
  });

  it('that only a scan reads is reported', async () => {
    const at = headerOf(image, 'large') + 512 + 200_000;
    markBad(image, at, at + 1);
    const { status, stdout } = await run('scan', image, '--no-verify', '--json');
    expect([status, JSON.parse(stdout).incomplete.length]).toEqual([4, 1]);
  });

  it('in the config makes the image unreadable', async () => {
    const at = readFileSync(image).indexOf('"rootfs"');
    markBad(image, at, at + 1);
    const { status, stderr } = await run('summary', image);
    expect(status).toBe(3);
    expect(stderr).toMatch(/^exhume: cannot read .* at offset \d+: EIO/);
  });
});
