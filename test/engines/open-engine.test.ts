import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dockerArchive, ociArchive, packFiles } from '../../fixtures/forms.ts';
import type { FixtureImage } from '../../fixtures/image.ts';
import { ociLayoutFiles } from '../../fixtures/oci-files.ts';
import { removeSpools } from '../../src/bytes/spool.ts';
import { chooseImage } from '../../src/image/choose.ts';
import type { EnginePlace } from '../../src/image/engines/engine.ts';
import { EngineProblem } from '../../src/image/engines/engine-problem.ts';
import { type EngineOptions, openFromEngines } from '../../src/image/engines/open-engine.ts';
import type { Image } from '../../src/image/image.ts';
import { smallImage } from './small-image.ts';
import { StandIns } from './stand-ins.ts';

const usual = process.env['TMPDIR'];
let engines: StandIns;
let image: FixtureImage;

beforeEach(async () => {
  engines = await StandIns.make();
  process.env['TMPDIR'] = engines.temporary;
  image = await smallImage('shop/app:2');
});

afterEach(async () => {
  removeSpools();
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  await engines.remove();
});

function options(more: Partial<EngineOptions> = {}): EngineOptions {
  return { env: engines.env, cli: null, platform: null, quiet: false, ...more };
}

async function open(place: EnginePlace, name: string, more: Partial<EngineOptions> = {}): Promise<Image> {
  return chooseImage(await openFromEngines(place, name, options(more))).open();
}

async function refusal(
  place: EnginePlace,
  name: string,
  more: Partial<EngineOptions> = {},
): Promise<EngineProblem> {
  const error = await open(place, name, more).then(
    () => null,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(EngineProblem);
  expect(await engines.leftovers()).toEqual([]);
  return error as EngineProblem;
}

const archiveFile = async (
  form: 'legacy' | 'podman' | 'hybrid' | 'containerd',
): Promise<{ path: string; bytes: Buffer }> => {
  const bytes = await dockerArchive([image], { form });
  return { path: await engines.file(`${form}.tar`, bytes), bytes };
};

const NO_SUCH = 'Error response from daemon: No such image: nope:1\n';
const NO_DAEMON =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n';

describe('an image that an engine has', () => {
  it.each(['legacy', 'hybrid', 'containerd'] as const)('docker, saving in the %s form', async (form) => {
    await engines.program('docker', `exec /bin/cat ${(await archiveFile(form)).path}`);
    const opened = await open('any', 'shop/app:2');
    expect(opened.id).toBe(image.config.digest);
    expect(opened.source).toBe('docker-daemon:shop/app:2');
    expect(await engines.calls('docker')).toEqual(['<save><--><shop/app:2>']);
    expect(await engines.leftovers()).toHaveLength(1);
    removeSpools();
    expect(await engines.leftovers()).toEqual([]);
  });

  it('podman, with a Docker manifest: a docker-archive keeps the config as it is', async () => {
    const { path: saved } = await archiveFile('podman');
    await engines.program(
      'podman',
      `case "$*" in *inspect*) echo application/vnd.docker.distribution.manifest.v2+json;; *) exec /bin/cat ${saved};; esac`,
    );
    expect((await open('podman', 'app:2')).form).toBe('docker-archive');
    expect(await engines.calls('podman')).toEqual([
      '<image><inspect><--format><{{.ManifestType}}><--><app:2>',
      '<save><--quiet><--><app:2>',
    ]);
  });

  it('podman, with an OCI manifest: an OCI archive keeps the annotations', async () => {
    const saved = await engines.file('oci.tar', await ociArchive([image]));
    await engines.program(
      'podman',
      `case "$*" in *inspect*) echo application/vnd.oci.image.manifest.v1+json;; *) exec /bin/cat ${saved};; esac`,
    );
    const opened = await open('podman', 'app:2');
    expect([opened.form, opened.manifestDigest]).toEqual(['oci-archive', image.manifest.digest]);
    expect((await engines.calls('podman')).at(-1)).toBe(
      '<save><--quiet><--format><oci-archive><--uncompressed><--><app:2>',
    );
  });

  it('nerdctl, and the platform that is asked for', async () => {
    await engines.program('nerdctl', `exec /bin/cat ${(await archiveFile('containerd')).path}`);
    const opened = await open('containerd', 'shop/app:2', { platform: 'linux/amd64' });
    expect(opened.source).toBe('containerd:shop/app:2');
    expect(await engines.calls('nerdctl')).toEqual(['<save><--platform><linux/amd64><--><shop/app:2>']);
  });

  it('ctr, where nerdctl is not installed, by the whole reference', async () => {
    await engines.program('ctr', `exec /bin/cat ${(await archiveFile('containerd')).path}`);
    await open('containerd', 'shop/app:2');
    expect(await engines.calls('ctr')).toEqual(['<images><export><--><-><docker.io/shop/app:2>']);
  });

  it('any program that speaks like docker', async () => {
    await engines.program('finch', `exec /bin/cat ${(await archiveFile('hybrid')).path}`);
    await engines.complainer('docker', NO_DAEMON, 1);
    expect((await open('any', 'shop/app:2', { cli: 'finch' })).id).toBe(image.config.digest);
    expect((await open('any', 'shop/app:2', { cli: path.join(engines.bin, 'finch') })).names).toEqual([
      'shop/app:2',
    ]);
    expect(await engines.calls('docker')).toEqual([]);
  });

  it('the next engine, where the first has not got it', async () => {
    await engines.complainer('docker', NO_SUCH, 1);
    await engines.program('nerdctl', `exec /bin/cat ${(await archiveFile('containerd')).path}`);
    const asked: string[] = [];
    const opened = await open('any', 'shop/app:2', { onAsk: (program) => asked.push(program) });
    expect(opened.source).toBe('containerd:shop/app:2');
    expect(asked).toEqual(['docker', 'podman', 'nerdctl']);
  });

  it('by the beginning of its ID, which docker takes for a name first', async () => {
    const { path: saved } = await archiveFile('legacy');
    await engines.program(
      'docker',
      `case "$3" in cafe12) exec /bin/cat ${saved};; esac; echo 'No such image' >&2; exit 1`,
    );
    await open('docker', 'cafe12');
    expect(await engines.calls('docker')).toEqual(['<save><--><cafe12:latest>', '<save><--><cafe12>']);
  });

  it('of which only one platform was pulled: that one is asked for', async () => {
    const { path: saved } = await archiveFile('containerd');
    await engines.program(
      'docker',
      `case "$*" in *--platform*) exec /bin/cat ${saved};; esac
echo 'Error response from daemon: unable to create manifests file: NotFound: content digest sha256:00: not found' >&2; exit 1`,
    );
    expect((await open('docker', 'shop/app:2', { platform: 'linux/amd64' })).id).toBe(image.config.digest);
    expect((await engines.calls('docker')).at(-1)).toBe('<save><--platform><linux/amd64><--><shop/app:2>');
  });
});

describe('an engine gets what it needs and nothing else', () => {
  it('the environment as it is, for contexts, hosts and namespaces', async () => {
    const { path: saved } = await archiveFile('hybrid');
    await engines.program(
      'docker',
      `echo "$DOCKER_HOST $DOCKER_CONTEXT" > ${engines.top}/seen; exec /bin/cat ${saved}`,
    );
    const env = { ...engines.env, DOCKER_HOST: 'ssh://far', DOCKER_CONTEXT: 'work' };
    await open('docker', 'shop/app:2', { env });
    expect(await readFile(path.join(engines.top, 'seen'), 'utf8')).toBe('ssh://far work\n');
  });

  it.each(['$(touch pwned)', ';touch pwned', '`id`', '*', 'a&&b', "it's", '..\\x'])(
    'the name %s as one argument, untouched by any shell',
    async (name) => {
      await engines.complainer('docker', NO_SUCH, 1);
      await refusal('docker', `${name}:1`);
      expect((await engines.calls('docker'))[0]).toBe(`<save><--><${name}:1>`);
    },
  );
});

describe('what people are told', () => {
  it('no engine is installed', async () => {
    const problem = await refusal('any', 'app:1');
    expect(problem.message).toBe(
      'app:1: there is no such file, and no container engine is installed to ask (docker, podman, nerdctl)',
    );
    expect(problem.notes[0]).toContain('docker save -o image.tar');
    expect(problem.exitStatus).toBe(3);
    expect((await refusal('podman', 'app:1')).message).toBe('app:1: podman is not installed');
    expect((await refusal('containerd', 'app:1')).message).toBe('app:1: none of nerdctl, ctr is installed');
    expect((await refusal('any', 'app:1', { cli: 'finch' })).message).toBe('app:1: finch is not installed');
  });

  it('the daemon is not running', async () => {
    await engines.complainer('docker', NO_DAEMON, 1);
    const problem = await refusal('any', 'app:1');
    expect(problem.message).toBe('app:1: there is no such file, and docker reaches no daemon');
    expect(problem.notes).toEqual([
      `docker said: ${NO_DAEMON.trim()}`,
      'start it (systemctl start docker, or Docker Desktop), or see whether DOCKER_HOST and "docker context ls" name the right one',
    ]);
  });

  it('the socket is not for this user', async () => {
    await engines.complainer(
      'docker',
      'permission denied while trying to connect to the Docker daemon socket at unix:///s: dial unix /s: connect: permission denied\n',
      1,
    );
    const problem = await refusal('docker', 'app:1');
    expect(problem.message).toBe("app:1: docker may not use its daemon's socket: permission denied");
    expect(problem.notes[1]).toContain('group docker');
  });

  it('no such image, and names that come near', async () => {
    const list = await engines.file(
      'list',
      '{"Repository":"shop/app","Tag":"2","ID":"1"}\n{"Repository":"other","Tag":"1","ID":"2"}\n',
    );
    await engines.program(
      'docker',
      `case "$1" in images) exec /bin/cat ${list};; esac; echo 'Error response from daemon: reference does not exist' >&2; exit 1`,
    );
    const problem = await refusal('any', 'shop/app:3');
    expect(problem.code).toBe('no-such-image');
    expect(problem.message).toBe('shop/app:3: there is no such file, and docker has no such image');
    expect(problem.notes).toEqual([
      'docker said: Error response from daemon: reference does not exist',
      'names that come near: shop/app:2',
    ]);
  });

  it('what each of several engines said', async () => {
    await engines.complainer('docker', NO_DAEMON, 1);
    await engines.complainer('podman', 'Error: nope:1: image not known\n', 125);
    const problem = await refusal('any', 'nope:1');
    expect(problem.code).toBe('engine');
    expect(problem.message).toBe(
      'nope:1: there is no such file, and none of docker, podman could give the image',
    );
    expect(problem.notes).toContain('docker reaches no daemon');
    expect(problem.notes).toContain('podman has no such image');
    expect(problem.notes).toContain('podman said: Error: nope:1: image not known');
    expect(problem.notes.some((note) => note.includes('nerdctl'))).toBe(false);
  });

  it('not for this platform', async () => {
    await engines.complainer('ctr', 'ctr: no manifest found for platform: not found\n', 1);
    const problem = await refusal('containerd', 'multi:1', { platform: 'linux/s390x' });
    expect(problem.code).toBe('no-such-platform');
    expect(problem.message).toBe('multi:1: ctr has the image, but not for this platform');
  });

  it('a manifest list with children that were never pulled', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    await engines.program(
      'docker',
      `case "$*" in *--platform*) echo 'unknown flag: --platform' >&2; exit 125;; esac
echo 'Error response from daemon: content digest ${digest}: not found' >&2; exit 1`,
    );
    const problem = await refusal('docker', 'multi:1');
    expect(problem.code).toBe('missing-blob');
    expect(problem.message).toMatch(/^multi:1: docker has only a part of this image: a manifest list/);
    expect(problem.notes.join('\n')).toContain('docker pull --platform');
    expect(problem.notes.join('\n')).toContain(digest);
  });

  it('a platform that the index names and the engine does not hold', async () => {
    const absent = await smallImage('shop/app:2', 's390x');
    const files = ociLayoutFiles([image, absent], { nested: true });
    files.delete(`blobs/sha256/${absent.config.digest.slice('sha256:'.length)}`);
    const saved = await engines.file('partial.tar', await packFiles(files, 0o644));
    await engines.program('docker', `exec /bin/cat ${saved}`);
    const archive = await openFromEngines('docker', 'shop/app:2', options());
    expect(chooseImage(archive, { platform: 'linux/amd64' }).open().id).toBe(image.config.digest);
    const problem = await Promise.resolve()
      .then(() => chooseImage(archive, { platform: 'linux/s390x' }))
      .catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(EngineProblem);
    expect((problem as EngineProblem).message).toBe(
      'docker-daemon:shop/app:2: docker knows this image for linux/s390x, but does not hold it',
    );
    expect((problem as EngineProblem).notes[1]).toContain('docker pull --platform linux/s390x');
  });

  it('all the words of an engine, or the beginning of the last for --quiet', async () => {
    await engines.complainer('docker', `first\nsecond ${'x'.repeat(300)}\n`, 1);
    const whole = await refusal('docker', 'app:1');
    expect(whole.notes).toEqual(['docker said: first', `  second ${'x'.repeat(300)}`]);
    const quiet = await refusal('docker', 'app:1', { quiet: true });
    expect(quiet.notes).toEqual([`docker said: second ${'x'.repeat(113)}…`]);
  });

  it('when it said nothing at all', async () => {
    await engines.program('docker', 'exit 7');
    expect((await refusal('docker', 'app:1')).notes).toEqual(['docker said nothing (exit status 7)']);
  });
});

describe('an engine that stops midway leaves nothing', () => {
  it('and no other is asked, since this one has the image', async () => {
    const { path: saved } = await archiveFile('hybrid');
    await engines.program('docker', `/usr/bin/head -c 5000 ${saved}; exit 1`);
    await engines.complainer('podman', 'Error: app:1: image not known', 125);
    expect((await refusal('any', 'app:1')).message).toContain('docker stopped midway');
    expect(await engines.calls('podman')).toEqual([]);
  });

  it('with a failure', async () => {
    const { path: saved } = await archiveFile('hybrid');
    await engines.program('docker', `/usr/bin/head -c 5000 ${saved}; echo 'unexpected EOF' >&2; exit 1`);
    const problem = await refusal('docker', 'app:1');
    expect(problem.message).toBe('app:1: docker stopped midway, after 5.0 kB; nothing of it was kept');
    expect(problem.notes).toEqual(['docker said: unexpected EOF']);
  });

  it('killed', async () => {
    const { path: saved } = await archiveFile('hybrid');
    await engines.program('docker', `/usr/bin/head -c 5000 ${saved}; kill -9 $$`);
    const problem = await refusal('docker', 'app:1');
    expect(problem.message).toBe(
      'app:1: docker stopped midway, after 5.0 kB (ended by SIGKILL); nothing of it was kept',
    );
  });

  it('with success but half an archive', async () => {
    const { path: saved } = await archiveFile('hybrid');
    await engines.program('docker', `exec /usr/bin/head -c 5000 ${saved}`);
    expect((await refusal('docker', 'app:1')).message).toMatch(/stopped midway, after 5\.0 kB/);
  });

  it('with success and no archive', async () => {
    await engines.program('docker', 'exit 0');
    expect((await refusal('docker', 'app:1')).message).toMatch(/stopped midway, after 0 B/);
  });

  it('with something that is no archive', async () => {
    await engines.program('docker', 'echo hello; exit 0');
    await expect(open('docker', 'app:1')).rejects.toThrow(/docker-daemon:app:1 is a text.*accepted: /);
    expect(await engines.leftovers()).toEqual([]);
  });

  it('when the user has had enough', async () => {
    const { path: saved } = await archiveFile('hybrid');
    await engines.program('docker', `/usr/bin/head -c 5000 ${saved}; exec /bin/sleep 60`);
    const controller = new AbortController();
    const opening = open('docker', 'app:1', {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    expect(await engines.leftovers()).toEqual([]);
  });
});

describe('--keep', () => {
  it('keeps what the engine sent', async () => {
    const { path: saved, bytes } = await archiveFile('hybrid');
    await engines.program('docker', `exec /bin/cat ${saved}`);
    const keep = path.join(engines.temporary, 'kept.tar');
    await open('docker', 'shop/app:2', { keep });
    removeSpools();
    expect(await engines.leftovers()).toEqual(['kept.tar']);
    expect(bytes.length).toBeGreaterThan(0);
  });

  it('is refused before any engine is asked, where the file exists', async () => {
    await engines.complainer('docker', NO_SUCH, 1);
    const keep = await engines.file('mine.tar', 'mine');
    await expect(open('docker', 'shop/app:2', { keep })).rejects.toMatchObject({ code: 'write-failed' });
    expect(await engines.calls('docker')).toEqual([]);
  });
});
