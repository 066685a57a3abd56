import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ociArchive } from '../../../fixtures/forms.ts';
import { buildImage } from '../../../fixtures/image.ts';
import { file } from '../../../fixtures/tar.ts';
import { removeSpools } from '../../../src/bytes/spool.ts';
import { openFromEngines } from '../../../src/image/engines/open-engine.ts';
import { type BuiltProgram, buildProgram } from '../build-program.ts';
import { run as cli } from '../../commands/run.ts';
import { smallImage } from '../small-image.ts';
import { writeBusyboxContext } from './busybox-image.ts';
import { makeDebianSuite } from './debian-suite.ts';
import { exhume, factsOf } from './exhume.ts';
import { Machine, REAL } from './machine.ts';
import { BASE_NAME, DOCKERFILE, expectedLines, rebuiltLines, writeMadeContext } from './made-dockerfile.ts';
import { type NewerDocker, startNewerDockerd } from './newer-dockerd.ts';

const NAME = 'exhume-test/app:1';
const SUITE = 'trixie';

describe.skipIf(REAL.skip)(`docker of a newer Debian${REAL.reason}`, () => {
  let machine: Machine;
  let built: BuiltProgram;
  let own: NewerDocker;
  let containerd: NewerDocker;
  let lacking = '';

  beforeAll(async () => {
    machine = await Machine.make();
    built = await buildProgram();
    const suite = await makeDebianSuite(machine, SUITE, ['docker.io', 'docker-cli', 'docker-buildx']);
    if (typeof suite === 'string') {
      lacking = suite;
      process.stderr.write(`skipped: the docker of Debian ${SUITE}: ${lacking}\n`);
      return;
    }
    own = await startNewerDockerd(machine, suite, 'own');
    containerd = await startNewerDockerd(machine, suite, 'containerd');
    const context = await writeBusyboxContext(machine);
    const env = { DOCKER_BUILDKIT: '1' };
    const build = ['build', '--network', 'host', '--provenance=true', '-t', NAME, context];
    await machine.run(containerd.cli, build, { env });
    const saved = machine.path('saved.tar');
    await machine.run(containerd.cli, ['save', '-o', saved, NAME]);
    await machine.run(own.cli, ['load', '-i', saved]);
  });

  beforeEach((context) => {
    if (lacking !== '') context.skip(lacking);
  });

  afterAll(async () => {
    if (lacking === '') {
      await own.stop();
      await containerd.stop();
    }
    await machine.remove();
    await built.remove();
  });

  const open = async (docker: NewerDocker): ReturnType<typeof openFromEngines> =>
    openFromEngines('docker', NAME, { env: machine.env, cli: docker.cli, platform: null, quiet: false });

  it('writes manifest.json and an OCI layout, the same image from both of its stores', async () => {
    const read = (docker: NewerDocker): ReturnType<typeof factsOf> =>
      factsOf(machine, built.file, NAME, { argv: ['--engine', docker.cli] });
    const expected = await read(own);
    expect(await read(containerd)).toEqual(expected);
    expect(expected.instructions.at(-1)).toContain('WORKDIR');
    expect(await machine.leftovers()).toEqual([]);
  });

  it("saves compressed layers and the provenance with containerd's store", async () => {
    const archive = await open(containerd);
    expect(archive.choices).toHaveLength(1);
    const image = archive.choices[0]!.open();
    expect(image.form).toBe('docker-archive');
    expect(image.layers.every((layer) => layer.mediaType.endsWith('gzip'))).toBe(true);
    expect(image.attestations.flatMap((attestation) => attestation.predicateTypes)).toEqual([
      expect.stringMatching(/^https:\/\/slsa\.dev\/provenance\//),
    ]);
    removeSpools();
  });

  it('saves plain tars and no provenance with its own store', async () => {
    const image = (await open(own)).choices[0]!.open();
    expect(image.layers.some((layer) => layer.mediaType.includes('gzip'))).toBe(false);
    expect(image.attestations).toEqual([]);
    removeSpools();
  });

  it('builds an image whose Dockerfile is reconstructed line by line, or found in the provenance', async () => {
    const context = await writeMadeContext(machine);
    const env = { DOCKER_BUILDKIT: '1' };
    const build = ['build', '--network', 'host', '-f'];
    for (const docker of [own, containerd]) {
      await machine.run(docker.cli, [...build, `${context}/Base`, '-t', BASE_NAME, context], { env });
    }
    const plainly = [...build, `${context}/Dockerfile`, '-t', 'made/app:1', context];
    await machine.run(own.cli, plainly, { env });
    await machine.run(containerd.cli, [...plainly, '--provenance=mode=max'], { env });
    const printed = async (docker: NewerDocker, ...options: string[]): Promise<string> => {
      const saved = machine.path('made.tar');
      await machine.run(docker.cli, ['save', '-o', saved, 'made/app:1']);
      return (await cli('dockerfile', saved, ...options)).stdout;
    };
    expect(rebuiltLines(await printed(own))).toEqual(expectedLines('newer'));
    expect(await printed(containerd)).toContain(DOCKERFILE.trimEnd());
    const [from, ...others] = rebuiltLines(await printed(containerd, '--from-history'));
    // The provenance also names the base.
    expect(from).toMatch(/^FROM (?:docker\.io\/)?made\/base:1/);
    expect(others).toEqual(expectedLines('newer').slice(1));
  });

  it('saves the pulled platform of an index, and the other is reported as not pulled', async () => {
    const full = 'docker.io/library/partial:1';
    const absent = await buildImage({
      platform: { os: 'linux', architecture: 'arm64' },
      names: [full],
      steps: [{ createdBy: 'COPY never-pulled', entries: [file('never-pulled', 'x')], missing: true }],
    });
    const partial = machine.path('partial.tar');
    await writeFile(partial, await ociArchive([await smallImage(full), absent], { nested: true }));
    // docker reports the missing content and keeps the rest.
    await machine.run(containerd.cli, ['load', '-i', partial], { reject: false });
    const ask = (platform: string): ReturnType<typeof exhume> =>
      exhume(machine, built.file, [
        'summary',
        'partial:1',
        '--engine',
        containerd.cli,
        '--platform',
        platform,
      ]);
    expect(await ask('linux/amd64')).toMatchObject({ status: 0 });
    const { status, stderr } = await ask('linux/arm64');
    expect(status).toBe(3);
    expect(stderr).toContain('docker lists this image for linux/arm64, but has not pulled it');
  });
});
