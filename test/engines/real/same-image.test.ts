import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeSpools } from '../../../src/bytes/spool.ts';
import { listLocalImages } from '../../../src/image/engines/local-images.ts';
import { openFromEngines } from '../../../src/image/engines/open-engine.ts';
import { type BuiltProgram, buildProgram } from '../build-program.ts';
import { writeBusyboxContext } from './busybox-image.ts';
import { startContainerd } from './containerd.ts';
import type { Daemon } from './daemon.ts';
import { type Registry, startRegistry } from './docker-registry.ts';
import { startDockerd } from './dockerd.ts';
import { exhume, factsOf, type ImageFacts } from './exhume.ts';
import { Machine, REAL } from './machine.ts';
import { BUILD_FLAGS, describePodmanStore, type PodmanStore } from './podman-store.ts';

const NAME = 'exhume-test/app:1';

describe.skipIf(REAL.skip)(`one image, built by docker and stored in every engine${REAL.reason}`, () => {
  let machine: Machine;
  let built: BuiltProgram;
  let registry: Registry;
  const daemons: Daemon[] = [];
  let saved = '';
  let expected: ImageFacts;

  beforeAll(async () => {
    machine = await Machine.make();
    built = await buildProgram();
    registry = await startRegistry(machine);
    daemons.push(await startDockerd(machine), await startContainerd(machine), registry);
    await describePodmanStore(machine, 'storage', 'overlay');
    const context = await writeBusyboxContext(machine);
    await machine.run('docker', ['build', '--network', 'host', '-t', NAME, context]);
    saved = machine.path('saved.tar');
    await machine.run('docker', ['save', '-o', saved, NAME]);
    await machine.run('podman', ['load', '--input', saved]);
    await machine.run('ctr', ['images', 'import', saved]);
    const from = `docker-archive:${saved}`;
    await machine.run('skopeo', ['copy', from, `docker://${registry.host}/app:1`]);
    await machine.run('skopeo', ['copy', from, `oci-archive:${machine.path('oci.tar')}:app:1`]);
    await machine.run('skopeo', ['copy', from, `dir:${machine.path('dir')}`]);
    expected = await factsOf(machine, built.file, saved);
  });

  afterAll(async () => {
    for (const daemon of daemons.toReversed()) await daemon.stop();
    await machine.remove();
    await built.remove();
  });

  it('has the changes of its Dockerfile in the saved file', () => {
    const changes = expected.entries.map(({ path, change }) => `${change} ${path}`);
    expect(changes).toContain('deleted /etc-secret');
    expect(changes).toContain('deleted /var/cache/app/a');
    expect(changes).toContain('added /var/cache/app/c');
    expect(changes).toContain('metadata /app/main');
    expect(expected.instructions.at(-1)).toContain('WORKDIR /srv/app');
  });

  it.each([
    ['docker, by a bare name', () => NAME],
    ['docker', () => `docker-daemon:${NAME}`],
    ['docker, by the beginning of the ID', () => `docker-daemon:${expected.id.slice(7, 19)}`],
    ['podman', () => `containers-storage:localhost/${NAME}`],
    ['podman, by a short name', () => `containers-storage:${NAME}`],
    ['containerd, through ctr', () => `containerd:${NAME}`],
    ['a registry, through skopeo', () => `docker://${registry.host}/app:1`],
    ["skopeo's dir", () => `dir:${machine.path('dir')}`],
  ])('is the same in %s', async (_, image) => {
    expect(await factsOf(machine, built.file, image())).toEqual(expected);
    expect(await machine.leftovers()).toEqual([]);
  });

  it('is the same from standard input', async () => {
    expect(await factsOf(machine, built.file, '-', { input: { file: saved } })).toEqual(expected);
    expect(await machine.leftovers()).toEqual([]);
  });

  it('has another ID in an OCI archive of skopeo, which rewrites the config', async () => {
    const { id, ...rest } = await factsOf(machine, built.file, machine.path('oci.tar'));
    const { id: before, ...same } = expected;
    expect(rest).toEqual(same);
    expect(id).not.toBe(before);
  });

  it('is listed by every engine', async () => {
    const answers = await listLocalImages({ env: machine.env });
    const references = answers.flatMap((answer) =>
      'images' in answer ? answer.images.map((image) => image.reference) : [],
    );
    expect(references).toEqual([
      `docker-daemon:${NAME}`,
      `containers-storage:localhost/${NAME}`,
      `containerd:docker.io/${NAME}`,
    ]);
  });

  it('is kept with --keep, as the engine saved it', async () => {
    const keep = machine.path('kept.tar');
    const run = await exhume(machine, built.file, ['summary', `docker-daemon:${NAME}`, '--keep', keep]);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(await factsOf(machine, built.file, keep)).toEqual(expected);
  });
});

describe.skipIf(REAL.skip)(`the same Dockerfile, built by each builder${REAL.reason}`, () => {
  let machine: Machine;
  let built: BuiltProgram;
  let docker: Daemon;
  let vfs: PodmanStore;
  let byDocker: ImageFacts;
  let byPodman: ImageFacts;

  beforeAll(async () => {
    machine = await Machine.make();
    built = await buildProgram();
    docker = await startDockerd(machine);
    const context = await writeBusyboxContext(machine);
    await machine.run('docker', ['build', '--network', 'host', '-t', NAME, context]);
    vfs = await describePodmanStore(machine, 'vfs-storage', 'vfs');
    await describePodmanStore(machine, 'storage', 'overlay');
    const build = [
      'build',
      ...BUILD_FLAGS,
      '--annotation',
      'org.example.maker=tests',
      '-t',
      NAME,
      '--layers',
      context,
    ];
    await machine.run('podman', build);
    await machine.run('buildah', build, { env: vfs });
    byDocker = await factsOf(machine, built.file, `docker-daemon:${NAME}`);
    byPodman = await factsOf(machine, built.file, `containers-storage:${NAME}`);
  });

  afterAll(async () => {
    await docker.stop();
    await machine.remove();
    await built.remove();
  });

  const paths = (facts: ImageFacts): string[] =>
    [...new Set(facts.entries.map(({ change, path }) => `${change} ${path}`))].toSorted();

  it('has no layer and no directory for WORKDIR with podman', () => {
    expect(byDocker.instructions.at(-1)).toContain('WORKDIR');
    expect(byPodman.instructions.some((instruction) => instruction?.includes('WORKDIR'))).toBe(false);
    expect(byPodman.diffIds).toHaveLength(byDocker.diffIds.length - 1);
    const made = (facts: ImageFacts): string[] => paths(facts).filter((change) => change.includes(' /srv'));
    expect([made(byDocker), made(byPodman)]).toEqual([['added /srv', 'added /srv/app'], []]);
  });

  it('has the mount points of containers in the layer of the first RUN with podman', () => {
    const added = paths(byPodman).filter((change) => !paths(byDocker).includes(change));
    expect(added).toEqual([
      'added /dev',
      'added /etc',
      'added /etc/hostname',
      'added /etc/hosts',
      'added /etc/resolv.conf',
      'added /proc',
      'added /run',
      'added /sys',
    ]);
  });

  it('has no other differences between podman and docker', () => {
    const missing = paths(byDocker).filter((change) => !paths(byPodman).includes(change));
    expect(missing).toEqual(['added /srv', 'added /srv/app']);
  });

  it('has a whiteout for each file with vfs, and one for the directory with overlay', async () => {
    const byBuildah = await factsOf(machine, built.file, `containers-storage:${NAME}`, { env: vfs });
    const deletions = (facts: ImageFacts): Record<string, string | undefined> =>
      Object.fromEntries(
        facts.entries
          .filter(({ change, path }) => change === 'deleted' && path.startsWith('/var/cache/app'))
          .map(({ path, deletedBy }) => [path, deletedBy]),
      );
    expect(deletions(byPodman)).toEqual({ '/var/cache/app/a': 'opaque', '/var/cache/app/b': 'opaque' });
    expect(deletions(byBuildah)).toEqual({ '/var/cache/app/a': 'whiteout', '/var/cache/app/b': 'whiteout' });
    expect(paths(byBuildah)).toEqual(paths(byPodman));
  });

  it("has podman's annotations", async () => {
    const archive = await openFromEngines('podman', NAME, {
      env: machine.env,
      cli: null,
      platform: null,
      quiet: false,
    });
    const { form, annotations, names } = archive.choices[0]!.open();
    removeSpools();
    expect([form, annotations['org.example.maker'], names]).toEqual([
      'oci-archive',
      'tests',
      [`localhost/${NAME}`],
    ]);
  });
});
