import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../schema-of.ts';
import { writeImages } from './images.ts';
import { exhume } from './program.ts';

let folder = '';
let images: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-smoke-'));
  images = await writeImages(folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Commands with options that change their JSON output. */
const COMMANDS: readonly (readonly [string, string])[] = [
  ['summary', ''],
  ['summary', '--no-verify'],
  ['history', ''],
  ['dockerfile', ''],
  ['waste', ''],
  ['packages', ''],
  ['scan', ''],
  ['ls', ''],
  ['ls', '--final'],
  ['ls', '--changes'],
  ['ls', '--deleted'],
  ['ls', '--setuid'],
];

describe('the JSON of the built program', () => {
  it.each(COMMANDS)('matches the schema: %s %s', async (command, option) => {
    for (const name of ['demo', 'oci zstd, many frames']) {
      const image = images.get(name)!;
      const { stdout, status } = await exhume([command, image, ...(option === '' ? [] : [option]), '--json']);
      expect(status, name).toBe(0);
      expect(stdout, name).toMatch(new RegExp(String.raw`^\{\n  "schema": "exhume/${command}/\d+"`));
      expect(violations(JSON.parse(stdout)), name).toEqual([]);
    }
  });

  it('matches the schemas: path and extract', async () => {
    const demo = images.get('demo')!;
    const line = await exhume(['path', demo, '/usr/local/bin/backup', '--json']);
    expect(violations(JSON.parse(line.stdout))).toEqual([]);
    const target = path.join(folder, 'evidence');
    const record = await exhume(['extract', demo, '/root/.ssh', '-o', target, '--json']);
    expect(record.status).toBe(0);
    expect(violations(JSON.parse(record.stdout))).toEqual([]);
  });
});
