import path from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage, type FixtureImage } from '../../fixtures/image.ts';
import { file } from '../../fixtures/tar.ts';
import { NODE } from '../smoke/program.ts';
import { type BuiltProgram, buildProgram } from './build-program.ts';
import { mountSmallDisk, SMALL_DISK } from './small-disk.ts';
import { smallImage } from './small-image.ts';
import { StandIns } from './stand-ins.ts';

let built: BuiltProgram;
let program = '';
let engines: StandIns;
let image: FixtureImage;

beforeAll(async () => {
  built = await buildProgram();
  program = built.file;
  image = await smallImage('shop/app:2');
});

afterAll(() => built.remove());

beforeEach(async () => {
  engines = await StandIns.make();
});

afterEach(() => engines.remove());

interface Run {
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

async function exhume(argv: readonly string[], input?: Uint8Array): Promise<Run> {
  const result = await execa(NODE, [program, ...argv], {
    env: engines.env,
    extendEnv: false,
    reject: false,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  });
  return { status: result.exitCode, stdout: result.stdout, stderr: result.stderr };
}

/** Waits until a condition holds; the test's time limit ends the wait. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the built program and an engine', () => {
  it('opens the image that the engine saves, and leaves no files', async () => {
    const saved = await engines.file('image.tar', await dockerArchive([image], { form: 'hybrid' }));
    await engines.program('docker', `exec /bin/cat ${saved}`);
    const run = await exhume(['summary', 'shop/app:2']);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toContain(image.config.digest);
    expect(run.stdout).toContain('docker-daemon:shop/app:2');
    expect(await engines.leftovers()).toEqual([]);
  });

  it('opens standard input, and leaves no files', async () => {
    const run = await exhume(['-', '--json'], await dockerArchive([image], { form: 'podman' }));
    expect(run.status).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ image: { id: image.config.digest } });
    expect(await engines.leftovers()).toEqual([]);
  });

  it("escapes every dangerous character of the engine's message", async () => {
    await engines.complainer('docker', 'bad \u001b[2J thing\n', 1);
    const run = await exhume(['summary', 'app:1']);
    expect(run).toEqual({
      status: 3,
      stdout: '',
      stderr:
        'exhume: app:1: no such file, and docker failed to save the image\nexhume:   docker said: bad \\x1b[2J thing',
    });
  });

  it('does not read a name as an option', async () => {
    await engines.complainer('docker', 'never asked', 1);
    for (const name of ['docker-daemon:-o', 'containers-storage:--help', 'docker://-x', 'a b', 'a\u001bb']) {
      expect(await exhume(['summary', name]), name).toMatchObject({ status: 2 });
    }
    expect(await engines.calls('docker')).toEqual([]);
  });

  it('keeps an archive only on request', async () => {
    const saved = await engines.file('image.tar', await dockerArchive([image], { form: 'hybrid' }));
    await engines.program('docker', `exec /bin/cat ${saved}`);
    const keep = path.join(engines.temporary, 'kept.tar');
    expect((await exhume(['summary', 'shop/app:2', '--keep', keep])).status).toBe(0);
    expect(await engines.leftovers()).toEqual(['kept.tar']);
    expect((await exhume(['summary', keep])).status).toBe(0);
    expect(await exhume(['summary', 'shop/app:2', '--keep', keep])).toMatchObject({ status: 2 });
    expect(await exhume(['summary', keep, '--keep', `${keep}.2`])).toMatchObject({ status: 2 });
  });
});

describe('an interrupted program', () => {
  /** Sends a signal once the directory for temporary files is not empty. */
  async function interrupt(argv: readonly string[], signal: NodeJS.Signals): Promise<Run> {
    const child = execa(NODE, [program, ...argv], {
      env: engines.env,
      extendEnv: false,
      reject: false,
      stdin: 'pipe',
    });
    if (argv.includes('-')) child.stdin.write(Buffer.alloc(5000, 'x'));
    let ended = false;
    void child.then(() => (ended = true));
    await until(async () => ended || (await engines.leftovers()).length > 0);
    child.kill(signal);
    const result = await child;
    return { status: result.exitCode, stdout: result.stdout, stderr: result.stderr };
  }

  const pidFile = (): string => path.join(engines.top, 'pid');

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('leaves no file and no engine after %s during a save', async (signal, status) => {
    const saved = await engines.file('image.tar', await dockerArchive([image], { form: 'hybrid' }));
    await engines.program(
      'docker',
      `echo $$ > ${pidFile()}; /usr/bin/head -c 5000 ${saved}; exec /bin/sleep 600`,
    );
    expect(await interrupt(['summary', 'shop/app:2'], signal)).toMatchObject({ status, stdout: '' });
    expect(await engines.leftovers()).toEqual([]);
    const { stdout } = await execa('cat', [pidFile()]);
    await until(async () => !isAlive(Number(stdout)));
    expect(isAlive(Number(stdout))).toBe(false);
  });

  it('leaves no partial archive with --keep', async () => {
    await engines.program('docker', '/usr/bin/head -c 5000 /dev/zero; exec /bin/sleep 600');
    const keep = path.join(engines.temporary, 'kept.tar');
    expect(await interrupt(['summary', 'app:2', '--keep', keep], 'SIGINT')).toMatchObject({ status: 130 });
    expect(await engines.leftovers()).toEqual([]);
  });

  it("leaves nothing of podman's own temporary files", async () => {
    await engines.program(
      'podman',
      'case "$*" in *inspect*) exit 0;; esac; /bin/mkdir "$TMPDIR/oci123"; echo x > "$TMPDIR/oci123/blob"; exec /bin/sleep 600',
    );
    expect(await interrupt(['summary', 'containers-storage:app:2'], 'SIGINT')).toMatchObject({
      status: 130,
    });
    expect(await engines.leftovers()).toEqual([]);
  });

  it('leaves no partial image of skopeo', async () => {
    await engines.program(
      'skopeo',
      'for last; do :; done; target="${last#oci:}"; /bin/mkdir "$target"; while :; do echo x >> "$target/blob"; done',
    );
    expect(await interrupt(['summary', 'docker://app:2'], 'SIGINT')).toMatchObject({ status: 130 });
    expect(await engines.leftovers()).toEqual([]);
  });

  it('leaves no partial copy of standard input', async () => {
    expect(await interrupt(['summary', '-'], 'SIGINT')).toMatchObject({ status: 130 });
    expect(await engines.leftovers()).toEqual([]);
  });
});

it.skipIf(SMALL_DISK.skip)(
  `ends with status 3 on a full disk, and leaves no files${SMALL_DISK.reason}`,
  async () => {
    const disk = mountSmallDisk(512)!;
    try {
      const large = await buildImage({
        names: ['shop/app:2'],
        steps: [{ createdBy: 'big', entries: [file('big', 'x'.repeat(2 << 20))] }],
      });
      const saved = await engines.file('image.tar', await dockerArchive([large], { form: 'hybrid' }));
      await engines.program('docker', `exec /bin/cat ${saved}`);
      const result = await execa(NODE, [program, 'summary', 'shop/app:2'], {
        env: { ...engines.env, TMPDIR: disk.folder },
        extendEnv: false,
        reject: false,
      });
      expect(result.exitCode).toBe(3);
      expect(result.stderr).toMatch(
        /^exhume: no space left on the disk of .* set TMPDIR to a directory on a larger disk$/,
      );
      expect((await execa('ls', ['-A', disk.folder])).stdout).toBe('');
    } finally {
      disk.remove();
    }
  },
);
