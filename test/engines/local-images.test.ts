import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EngineImages, LIST_LIMIT, listLocalImages } from '../../src/image/engines/local-images.ts';
import { StandIns } from './stand-ins.ts';

let engines: StandIns;

beforeEach(async () => {
  // Stop the clock, so that an engine on a busy machine never answers too late.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  engines = await StandIns.make();
});

afterEach(async () => {
  vi.useRealTimers();
  await engines.remove();
});

const summary = (answers: readonly EngineImages[]): string[] =>
  answers.map((answer) =>
    'images' in answer
      ? `${answer.engine.cli}: ${answer.images.map((image) => image.reference).join(' ')}`
      : `${answer.engine.cli}: ${answer.problem.kind}`,
  );

async function lists(name: string, output: string): Promise<void> {
  const file = await engines.file(`${name}.list`, output);
  await engines.program(name, `exec /bin/cat ${file}`);
}

describe('the images on this machine', () => {
  it('are listed by every installed engine with its own arguments', async () => {
    await lists('docker', '{"Repository":"a","Tag":"1","ID":"1"}\n');
    await lists('podman', '[{"Id":"2","Names":["localhost/b:1"]}]');
    await lists('nerdctl', '{"Repository":"c","Tag":"1","ID":"3"}\n');
    await engines.program('ctr', 'exit 1');
    const answers = await listLocalImages({ env: engines.env });
    expect(summary(answers)).toEqual([
      'docker: docker-daemon:a:1',
      'podman: containers-storage:localhost/b:1',
      'nerdctl: containerd:c:1',
    ]);
    expect(await engines.calls('docker')).toEqual(['<images><--no-trunc><--format><{{json .}}>']);
    expect(await engines.calls('podman')).toEqual(['<images><--no-trunc><--format><json>']);
    expect(await engines.calls('ctr')).toEqual([]);
  });

  it('are listed by ctr if nerdctl is not installed', async () => {
    await lists(
      'ctr',
      `REF TYPE DIGEST SIZE PLATFORMS LABELS\nexample.org/d:1 x sha256:${'a'.repeat(64)} 1.0 MiB linux/amd64 -\n`,
    );
    expect(summary(await listLocalImages({ env: engines.env }))).toEqual(['ctr: containerd:example.org/d:1']);
  });

  it('are an empty list without an engine', async () => {
    expect(await listLocalImages({ env: engines.env })).toEqual([]);
  });

  it('of one engine are listed even if another fails', async () => {
    await engines.complainer(
      'docker',
      'Cannot connect to the Docker daemon. Is the docker daemon running?',
      1,
    );
    await lists('podman', '[{"Id":"2","Names":["localhost/b:1"]}]');
    expect(summary(await listLocalImages({ env: engines.env }))).toEqual([
      'docker: no-daemon',
      'podman: containers-storage:localhost/b:1',
    ]);
  });

  it('are not awaited if a daemon does not answer, even with child processes', async () => {
    await engines.program('docker', '/bin/sleep 60 & exec /bin/sleep 60');
    await lists('podman', '[]');
    const heard: string[] = [];
    const answers = await listLocalImages({
      env: engines.env,
      onEngine: (answer) => {
        heard.push(answer.engine.cli);
        vi.advanceTimersByTime(LIST_LIMIT);
      },
    });
    expect(summary(answers)).toEqual(['docker: no-daemon', 'podman: ']);
    expect(answers[0]).toMatchObject({ problem: { how: 'no answer in 1.8 s' } });
    expect(heard).toEqual(['podman', 'docker']);
  });

  it('are only those of the program that --engine names', async () => {
    await lists('finch', '{"Repository":"a","Tag":"1","ID":"1"}\n');
    await lists('docker', '{"Repository":"b","Tag":"1","ID":"1"}\n');
    expect(summary(await listLocalImages({ env: engines.env, cli: 'finch' }))).toEqual([
      'finch: docker-daemon:a:1',
    ]);
  });
});
