import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../commands/run.ts';
import type { Daemon } from './daemon.ts';
import { startDockerd } from './dockerd.ts';
import { Machine, REAL } from './machine.ts';
import { BASE_NAME, expectedLines, rebuiltLines, writeMadeContext } from './made-dockerfile.ts';

describe.skipIf(REAL.skip)(`the Dockerfile of an image that docker built${REAL.reason}`, () => {
  let machine: Machine;
  let daemon: Daemon;

  beforeAll(async () => {
    machine = await Machine.make();
    daemon = await startDockerd(machine);
    const context = await writeMadeContext(machine);
    const build = (file: string, name: string, buildkit: '0' | '1'): Promise<string> =>
      machine.run('docker', ['build', '--network', 'host', '-f', `${context}/${file}`, '-t', name, context], {
        env: { DOCKER_BUILDKIT: buildkit },
      });
    await build('Base', BASE_NAME, '0');
    for (const [builder, buildkit] of [
      ['classic', '0'],
      ['buildkit', '1'],
    ] as const) {
      await build('Dockerfile', `made/${builder}`, buildkit);
      await machine.run('docker', ['save', '-o', machine.path(`${builder}.tar`), `made/${builder}`]);
    }
  });

  afterAll(async () => {
    await daemon.stop();
    await machine.remove();
  });

  it.each(['classic', 'buildkit'] as const)('is reconstructed line by line: %s', async (builder) => {
    const { status, stdout } = await run('dockerfile', machine.path(`${builder}.tar`));
    expect(status).toBe(0);
    expect(rebuiltLines(stdout)).toEqual(expectedLines(builder));
  });

  it.each(['classic', 'buildkit'] as const)('has the right end of the base: %s', async (builder) => {
    const { stdout } = await run('summary', machine.path(`${builder}.tar`), '--json');
    const { layers } = JSON.parse(stdout) as { layers: { origin: string }[] };
    expect(layers.map(({ origin }) => origin).slice(0, 3)).toEqual(['base', 'base', 'application']);
  });
});
