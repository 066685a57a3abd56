import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedImage } from '../stacked.ts';
import { run } from './run.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-waste-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('lists wasted bytes by layer and by path', async () => {
  const { stdout } = await run('waste', '--json');
  const { bytes, layers, paths, total } = JSON.parse(stdout) as {
    bytes: number;
    total: number;
    layers: { bytes: number }[];
    paths: { path: string; bytes: number }[];
  };
  expect(bytes).toBeGreaterThan(2_000_000);
  expect(bytes).toBeLessThan(total);
  expect(layers.reduce((sum, layer) => sum + layer.bytes, 0)).toBe(bytes);
  expect(paths.reduce((sum, each) => sum + each.bytes, 0)).toBe(bytes);
  expect(paths[0]!.path).toBe('/var/log/build.log');
  expect((await run('waste')).stdout).toMatch(/^dive: efficiency \d/m);
});

describe("scan checks dive's thresholds", () => {
  it.each([
    [['--lowest-efficiency', '0.999'], 1, 'efficiency'],
    [['--lowest-efficiency', '0.01'], 0, ''],
    [['--highest-wasted-bytes', '1kB'], 1, 'wasted bytes'],
    [['--highest-wasted-bytes', '1GB'], 0, ''],
    [['--highest-user-wasted-percent', '0.01'], 1, 'user wasted percentage'],
    [['--lowest-efficiency', 'much'], 2, 'not a number from 0 to 1'],
    [['--highest-wasted-bytes', 'much'], 2, 'not a size'],
    [['--dive-ci', '/absent/.dive-ci'], 2, '/absent/.dive-ci'],
  ])('%j ends with %i', async (options, status, message) => {
    const result = await run('scan', ...options);
    expect([result.status, result.stderr]).toEqual([status, expect.stringContaining(message)]);
  });

  it("from dive's own file, in which a rule may be disabled", async () => {
    const file = path.join(folder, '.dive-ci');
    await writeFile(file, 'rules:\n  lowestEfficiency: 0.999\n  highestWastedBytes: disabled\n');
    expect((await run('scan', '--dive-ci', file)).status).toBe(1);
    expect((await run('scan', '--dive-ci', file, '--lowest-efficiency', '0.01')).status).toBe(0);
    await writeFile(file, 'rules:\n  lowestEfficiency: [1]\n');
    const { status, stderr } = await run('scan', '--dive-ci', file);
    expect([status, stderr]).toEqual([2, expect.stringContaining('rules.lowestEfficiency')]);
  });
});

it("reports dive's figures for dive's own image", async ({ skip }) => {
  const { stdout } = await run('waste', sharedImage('dive/test-docker-image.tar', skip), '--json');
  const { dive } = JSON.parse(stdout) as { dive: { efficiency: number; wastedBytes: number } };
  expect(dive.efficiency).toBeCloseTo(0.9844212134184309, 12);
  expect(dive.wastedBytes).toBe(32025);
});
