import { execaSync } from 'execa';
import { chmod, chown, link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../commands/run.ts';
import { tool, wanting } from './tools.ts';
import { finalTree, listing, treeOfFolder } from './tree.ts';

const { skip, reason } = wanting('umoci', 'mknod', 'mkfifo');

/** Layers of umoci 0.4.7: tars without padding and end blocks, names without `./`, whiteouts as files. */
describe.skipIf(skip)(`umoci images${reason}`, () => {
  let folder = '';
  let image = '';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'exhume-umoci-'));
    const layout = path.join(folder, 'layout');
    image = `oci:${layout}:made`;
    const at = `${layout}:made`;
    const bundle = path.join(folder, 'bundle');
    const inside = (name: string): string => path.join(bundle, 'rootfs', name);
    const repack = (): Promise<string> => tool('umoci', 'repack', '--refresh-bundle', '--image', at, bundle);
    await tool('umoci', 'init', '--layout', layout);
    await tool('umoci', 'new', '--image', at);
    await tool('umoci', 'unpack', '--image', at, bundle);

    await mkdir(inside('etc/deep/er'), { recursive: true });
    await writeFile(inside('etc/passwd'), 'root:x:0:0\n');
    await writeFile(inside('etc/deep/er/odd'), 'x'.repeat(1000));
    await writeFile(inside('etc/ünïcode name'), '');
    await writeFile(inside('etc/key'), 'to be deleted\n', { mode: 0o600 });
    await writeFile(inside('su'), 'program');
    await chmod(inside('su'), 0o4755);
    await symlink('etc/passwd', inside('link'));
    await symlink('/nowhere', inside('dangling'));
    await link(inside('etc/passwd'), inside('hard'));
    await chown(inside('etc/deep'), 1000, 1001);
    execaSync('mkfifo', ['-m', '0640', inside('pipe')]);
    execaSync('mknod', [inside('null'), 'c', '1', '3']);
    await repack();

    await rm(inside('etc/key'));
    await rm(inside('etc/deep'), { recursive: true });
    await chmod(inside('su'), 0o755);
    await rm(inside('link'));
    await mkdir(inside('link'));
    await writeFile(inside('link/file'), 'a folder where a link was\n');
    await repack();

    await mkdir(inside('etc/deep'));
    await writeFile(inside('etc/deep/new'), 'again\n');
    await writeFile(inside('etc/passwd'), 'root:x:0:0\nuser:x:1:1\n');
    await repack();
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('have the final tree that umoci unpacks', async () => {
    const target = path.join(folder, 'unpacked');
    await tool('umoci', 'raw', 'unpack', '--image', `${path.join(folder, 'layout')}:made`, target);
    expect(await finalTree(image)).toEqual(await treeOfFolder(target));
  });

  it('list deleted files with their content', async () => {
    const deleted = (await listing(image, '--deleted')).map((entry) => entry.path);
    expect(deleted).toEqual(expect.arrayContaining(['/etc/deep/er', '/etc/deep/er/odd', '/etc/key']));
    expect((await run('cat', image, '/etc/key')).stdout).toBe('to be deleted\n');
    const setuid = await listing(image, '--setuid');
    expect(setuid.map((entry) => [entry.path, entry.layer, entry.state])).toEqual([['/su', 0, 'shadowed']]);
  });

  it('have valid digests', async () => {
    const { stdout } = await run('summary', image, '--json');
    const { layers } = JSON.parse(stdout) as { layers: { verified: unknown }[] };
    expect(layers.map((layer) => layer.verified)).toEqual(
      Array.from({ length: 3 }, () => ({ digest: true, diffId: true })),
    );
  });
});
