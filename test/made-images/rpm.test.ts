import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImage } from '../../fixtures/image.ts';
import { writeOciLayout } from '../../fixtures/on-disk.ts';
import { file, packTar } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { run } from '../commands/run.ts';
import { tool, wanting } from './tools.ts';

const { skip, reason } = wanting('rpm', 'rpmbuild');

/** A package with a program and several hundred files, so that its record needs overflow pages. */
const spec = (name: string, version: string, files: number): string => `Name: ${name}
Version: ${version}
Release: 3
${name === 'with-epoch' ? 'Epoch: 2\n' : ''}Summary: made for a test
License: MIT
%description
Made for a test.
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/usr/share/${name}
for i in $(seq 1 ${files}); do echo "$i" > %{buildroot}/usr/share/${name}/a-file-with-a-long-name-$i; done
echo "${name} ${version}" > %{buildroot}/usr/bin/${name}
ln -s ${name} %{buildroot}/usr/bin/${name}-link
%files
/usr/bin/${name}
/usr/bin/${name}-link
/usr/share/${name}
`;

/** A database written by rpm itself, and the files that it installed. */
describe.skipIf(skip)(`packages installed by rpm${reason}`, () => {
  let folder = '';
  let image = '';
  const installed: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'exhume-rpm-'));
    const root = path.join(folder, 'root');
    await mkdir(root);
    const rpmOf = async (name: string, version: string, files: number): Promise<string> => {
      const at = path.join(folder, `${name}.spec`);
      await writeFile(at, spec(name, version, files));
      const defines = [
        `_topdir ${path.join(folder, 'build')}`,
        `_rpmdir ${path.join(folder, 'rpms')}`,
        '_rpmfilename %{NAME}-%{VERSION}.rpm',
        '_build_id_links none',
      ];
      await tool('rpmbuild', '-bb', '--quiet', ...defines.flatMap((define) => ['--define', define]), at);
      return path.join(folder, 'rpms', `${name}-${version}.rpm`);
    };
    const rpm = (...argv: string[]): Promise<string> =>
      tool('rpm', '--root', root, '--dbpath', '/var/lib/rpm', ...argv);
    const install = async (...files: string[]): Promise<Buffer> => {
      await rpm('-U', '--nodeps', '--nosignature', ...files);
      installed.push(
        await rpm('-qa', '--qf', '%|EPOCH?{%{EPOCH}:}:{}|%{NAME} %{VERSION}-%{RELEASE} %{ARCH}\\n'),
      );
      const layer = path.join(folder, 'layer.tar');
      await tool('tar', '-C', root, '--numeric-owner', '-cf', layer, '.');
      return readFile(layer);
    };
    await rpm('--initdb');
    const first = await install(await rpmOf('with-epoch', '1.0', 3), await rpmOf('plain', '1.0', 400));
    const second = await install(await rpmOf('plain', '1.1', 300));
    const changed = await packTar([file('usr/bin/with-epoch', 'another\n', { mode: 0o755 })]);
    const steps = [first, second, changed].map((tar, i) => ({ tar, createdBy: `RUN step ${i}` }));
    await writeOciLayout([await buildImage({ names: ['rpm:made'], steps })], path.join(folder, 'oci'));
    image = `oci:${path.join(folder, 'oci')}`;
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('match the list of rpm, with the layer that upgraded one', async () => {
    const { stdout } = await run('packages', image, '--json');
    const { packages, unread } = JSON.parse(stdout) as {
      packages: {
        name: string;
        version: string;
        architecture: string;
        changes: { layer: number; change: string; previous: string | null }[];
      }[];
      unread: unknown[];
    };
    const texts = packages.map(({ architecture, name, version }) => {
      const [, epoch = '', bare = ''] = /^(\d+:)?(.*)$/.exec(version)!;
      return `${epoch}${name} ${bare} ${architecture}`;
    });
    expect(texts.toSorted()).toEqual(installed[1]!.split('\n').toSorted());
    expect(unread).toEqual([]);
    expect(packages.find(({ name }) => name === 'plain')!.changes).toMatchObject([
      { layer: 0, change: 'added', previous: null },
      { layer: 1, change: 'changed', previous: '1.0-3' },
    ]);
  });

  it('are compared with changed files; an upgrade is not a change', async () => {
    const { stdout } = await run('scan', image, '--json');
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    const changed = findings.filter(({ rule }) => rule === 'package-file-changed');
    expect(changed.map(({ reason: why, where }) => [where.layer, where.path, why])).toEqual([
      [2, '/usr/bin/with-epoch', '/usr/bin/with-epoch differs from the file in with-epoch 2:1.0-3'],
    ]);
  });
});
