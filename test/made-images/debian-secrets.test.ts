import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildImage } from '../../fixtures/image.ts';
import { writeOciLayout } from '../../fixtures/on-disk.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { run } from '../commands/run.ts';
import { tool, wanting } from './tools.ts';

const { skip, reason } = wanting('debootstrap', 'tar');
const PACKAGES = 'python3,python3-pip,nodejs,git,openssh-server,ca-certificates';

/** A root that somebody else filled: what is loud in it must be worth a look. */
describe.skipIf(skip)(`a Debian root with Python, Node and Git${reason}`, () => {
  it('has few loud credentials: the host keys that its installation made', async (context) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'exhume-debian-'));
    try {
      const root = path.join(folder, 'root');
      try {
        await tool('debootstrap', '--variant=minbase', `--include=${PACKAGES}`, 'bookworm', root);
      } catch {
        // Packages come over the network, and a container may not allow what installing them takes.
        context.skip('debootstrap cannot run here');
        return;
      }
      const layer = path.join(folder, 'layer.tar');
      await tool('tar', '-C', root, '--numeric-owner', '-cf', layer, '.');
      const steps = [{ tar: await readFile(layer), createdBy: 'ADD rootfs.tar /' }];
      await writeOciLayout([await buildImage({ names: ['debian:made'], steps })], path.join(folder, 'oci'));
      const { status, stdout } = await run('scan', `oci:${path.join(folder, 'oci')}`, '--json');
      expect(status).toBe(0);
      const findings = (JSON.parse(stdout) as { findings: Finding[] }).findings;
      const loud = findings.filter(({ kind, demoted }) => kind === 'secret' && demoted === null);
      expect(loud.length).toBeLessThanOrEqual(5);
      const unexpected = loud.filter(({ where }) => !/^\/etc\/ssh\/ssh_host_\w+_key$/.test(where.path ?? ''));
      expect(unexpected.map(({ rule, where }) => [rule, where.path])).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 600_000);
});
