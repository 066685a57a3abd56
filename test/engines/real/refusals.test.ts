import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dockerArchive, ociArchive } from '../../../fixtures/forms.ts';
import { file } from '../../../fixtures/tar.ts';
import { buildImage, type FixtureImage } from '../../../fixtures/image.ts';
import { writeOciLayout } from '../../../fixtures/on-disk.ts';
import { NODE } from '../../smoke/program.ts';
import { type BuiltProgram, buildProgram } from '../build-program.ts';
import { mountSmallDisk } from '../small-disk.ts';
import { smallImage } from '../small-image.ts';
import { startContainerd } from './containerd.ts';
import type { Daemon } from './daemon.ts';
import { type Registry, startRegistry } from './docker-registry.ts';
import { startDockerd } from './dockerd.ts';
import { exhume, type ExhumeOptions, type Run } from './exhume.ts';
import { Machine, REAL } from './machine.ts';
import { describePodmanStore } from './podman-store.ts';

const NOBODY = 65_534;

describe.skipIf(REAL.skip)(`failures of real engines${REAL.reason}`, () => {
  let machine: Machine;
  let built: BuiltProgram;
  let registry: Registry;
  let docker: Daemon;
  const others: Daemon[] = [];

  beforeAll(async () => {
    machine = await Machine.make();
    built = await buildProgram();
    registry = await startRegistry(machine);
    docker = await startDockerd(machine);
    others.push(await startContainerd(machine), registry);
    await describePodmanStore(machine, 'storage', 'overlay');
    await loadImages(machine, registry);
  });

  afterAll(async () => {
    await docker.stop();
    for (const daemon of others.toReversed()) await daemon.stop();
    await machine.remove();
    await built.remove();
  });

  afterEach(async () => {
    const left = await machine.leftovers();
    if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
  });

  async function refused(
    image: string,
    options: ExhumeOptions & { readonly argv?: readonly string[] } = {},
  ): Promise<string> {
    const { argv = [], ...more } = options;
    const run = await exhume(machine, built.file, ['summary', image, ...argv], more);
    expect(run, run.stderr).toMatchObject({ status: 3, stdout: '' });
    return run.stderr;
  }

  it('are reported for a daemon that is not running', async () => {
    const env = {
      DOCKER_HOST: `unix://${machine.path('none.sock')}`,
      CONTAINERD_ADDRESS: machine.path('none.sock'),
    };
    expect(await refused('docker-daemon:app:1', { env })).toMatch(
      /exhume: app:1: docker cannot reach its daemon\nexhume: {3}docker said: Cannot connect to the Docker daemon at unix:\S+none\.sock\. Is the docker daemon running\?\nexhume: {3}start it/,
    );
    expect(await refused('containerd:app:1', { env })).toMatch(
      /exhume: app:1: ctr cannot reach its daemon\nexhume: {3}ctr said: ctr: failed to dial/,
    );
  });

  it('are reported for a socket that the user may not open', async () => {
    // Other users may have no access to the directory of the clone.
    const node = machine.path('node');
    await copyFile(NODE, node);
    const options = { uid: NOBODY, node, env: { HOME: machine.temporary } };
    expect(await refused('docker-daemon:app:1', options)).toMatch(
      /exhume: app:1: docker cannot open its daemon's socket: permission denied\nexhume: {3}docker said: .*\nexhume: {3}run exhume as a member of the docker group/,
    );
    expect(await refused('containerd:app:1', options)).toContain(
      "ctr cannot open its daemon's socket: permission denied",
    );
  });

  it('are reported for a missing image, with similar names', async () => {
    expect(await refused('docker-daemon:shop/ap:2')).toMatch(
      /docker has no such image\nexhume: {3}docker said: Error response from daemon: reference does not exist\nexhume: {3}similar names: shop\/app:2/,
    );
    expect(await refused('containers-storage:shop/ap:2')).toContain('podman has no such image');
    expect(await refused('containerd:shop/ap:2')).toMatch(
      /ctr has no such image[^]*similar names: docker\.io\/shop\/app:2/,
    );
    expect(await refused(`docker://${registry.host}/nothing:1`)).toContain('the registry has no such image');
    const all = await refused('nothing-like-it:1');
    expect(all).toContain('none of docker, podman has this image');
  });

  it('are reported for a missing platform', async () => {
    const argv = ['--platform', 'linux/s390x'];
    expect(await refused(`docker://${registry.host}/multi:1`, { argv })).toContain(
      'the registry has the image, but not for this platform',
    );
    expect(await refused('containerd:multi:1', { argv })).toContain(
      'ctr has the image, but not for this platform',
    );
    expect(await refused('docker-daemon:shop/app:2', { argv })).toMatch(
      /has no image for linux\/s390x; it has 0 shop\/app:2 \(linux\/amd64\)/,
    );
  });

  it('are reported for a platform that was never pulled', async () => {
    const stderr = await refused('containerd:partial:1', { argv: ['--platform', 'linux/arm64'] });
    expect(stderr).toMatch(/partial:1: ctr has only part of this image: its manifest list/);
    expect(stderr).toContain('ctr said: ctr: content digest sha256:');
    expect((await exhume(machine, built.file, ['summary', 'containerd:partial:1'])).status).toBe(0);
  });

  it('do not occur for a platform that was pulled', async () => {
    for (const image of ['containerd:multi:1', `docker://${registry.host}/multi:1`]) {
      const argv = ['summary', image, '--platform', 'linux/arm64', '--json'];
      const run = await exhume(machine, built.file, argv);
      expect(JSON.parse(run.stdout), run.stderr).toMatchObject({ image: { platform: 'linux/arm64' } });
    }
  });

  it('are reported for a full disk', async () => {
    const disk = mountSmallDisk(1024)!;
    try {
      for (const image of ['docker-daemon:big:1', 'containers-storage:big:1', 'containerd:big:1']) {
        const stderr = await refused(image, { env: { TMPDIR: disk.folder } });
        expect(stderr, image).toMatch(/no space left on the disk of|ran out of disk space/);
        expect(await readdir(disk.folder), image).toEqual([]);
      }
    } finally {
      disk.remove();
    }
  });

  describe('during a save', () => {
    /** Opens a big image, and calls a function as soon as a part of it has arrived. */
    async function disturb(image: string, act: (pid: number) => Promise<unknown>): Promise<Run> {
      const child = execa(NODE, [built.file, 'summary', image, '--quiet'], {
        env: machine.env,
        extendEnv: false,
        reject: false,
        stdin: 'ignore',
      });
      while ((await arrived(machine)) < 1 << 20) await new Promise((resolve) => setTimeout(resolve, 2));
      await act(child.pid ?? 0);
      const result = await child;
      return { status: result.exitCode, stdout: result.stdout, stderr: result.stderr };
    }

    it.each(['docker-daemon:big:1', 'containerd:big:1'])('leave no files after Ctrl-C: %s', async (image) => {
      const run = await disturb(image, async (pid) => process.kill(pid, 'SIGINT'));
      expect(run).toEqual({ status: 130, stdout: '', stderr: '' });
    });

    it("leave no files after Ctrl-C with podman, including podman's own", async () => {
      const before = await readdir('/var/tmp');
      const run = await disturb('containers-storage:big:1', async (pid) => process.kill(pid, 'SIGINT'));
      expect(run).toEqual({ status: 130, stdout: '', stderr: '' });
      expect(await readdir('/var/tmp')).toEqual(before);
    });

    it("are reported if the engine's program is killed", async () => {
      const run = await disturb('docker-daemon:big:1', killSaver);
      expect(run.status).toBe(3);
      expect(run.stderr).toMatch(
        /^exhume: big:1: docker stopped after \S+ MB \(ended by SIGKILL\); the partial image was discarded$/,
      );
    });

    // This must be the last test, because docker is not running afterwards.
    it('are reported if the daemon crashes', async () => {
      const run = await disturb('docker-daemon:big:1', () => docker.kill());
      expect(run.status).toBe(3);
      expect(run.stderr).toMatch(/^exhume: big:1: docker stopped after \S+ MB/);
    });
  });
});

/** Returns the number of bytes in the directory for temporary files. */
async function arrived(machine: Machine): Promise<number> {
  const { stdout } = await execa('du', ['-sb', machine.temporary], { reject: false });
  return Number.parseInt(stdout, 10);
}

/** Kills the child process of a process. */
async function killSaver(parent: number): Promise<void> {
  const children = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8');
  for (const pid of children.trim().split(' ')) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    if (command.includes('\0save\0')) process.kill(Number(pid), 'SIGKILL');
  }
}

async function loadImages(machine: Machine, registry: Registry): Promise<void> {
  const app = await smallImage('shop/app:2');
  const arm = await smallImage('shop/app:2', 'arm64');
  await loadEverywhere(machine, 'app', app);
  const large = await buildImage({
    names: ['big:1'],
    steps: [{ createdBy: 'COPY big', entries: [file('big', Buffer.alloc(400 << 20, 'exhume'))] }],
  });
  await loadEverywhere(machine, 'big', large);

  const multi = named('multi:1', [app, arm]);
  const layout = machine.path('multi');
  await writeOciLayout(multi, layout, { nested: true });
  await machine.run('skopeo', ['copy', '--all', `oci:${layout}`, `docker://${registry.host}/multi:1`]);
  await importArchive(machine, 'multi', await ociArchive(multi, { nested: true }), ['--all-platforms']);

  const absent = await buildImage({
    platform: { os: 'linux', architecture: 'arm64' },
    steps: [{ createdBy: 'COPY never-pulled', entries: [file('never-pulled', 'x')], missing: true }],
  });
  const partial = await ociArchive(named('partial:1', [app, absent]), { nested: true });
  await importArchive(machine, 'partial', partial, []);
}

function named(name: string, images: readonly FixtureImage[]): FixtureImage[] {
  return images.map((image) => Object.assign({}, image, { names: [`docker.io/library/${name}`] }));
}

async function loadEverywhere(machine: Machine, name: string, image: FixtureImage): Promise<void> {
  const saved = machine.path(`${name}.tar`);
  await writeFile(saved, await dockerArchive([image], { form: 'legacy' }));
  await machine.run('docker', ['load', '--input', saved]);
  await machine.run('podman', ['load', '--input', saved]);
  await machine.run('ctr', ['images', 'import', saved]);
}

async function importArchive(
  machine: Machine,
  name: string,
  bytes: Buffer,
  options: readonly string[],
): Promise<void> {
  const saved = machine.path(`${name}.oci.tar`);
  await writeFile(saved, bytes);
  await machine.run('ctr', ['images', 'import', ...options, saved]);
}
