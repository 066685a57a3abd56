import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeImages } from './images.ts';
import { exhume, TOP } from './program.ts';

const SCHEMAS = path.join(TOP, 'src/report/schema');

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
formats.default(ajv);

let folder = '';
let images: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-smoke-'));
  images = await writeImages(folder);
  for (const name of await readdir(SCHEMAS)) {
    if (name.endsWith('.schema.json'))
      ajv.addSchema(JSON.parse(await readFile(path.join(SCHEMAS, name), 'utf8')));
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function violations(text: string): unknown {
  const value = JSON.parse(text) as { schema: string };
  const validate = ajv.getSchema(`urn:${value.schema.replaceAll('/', ':')}`);
  expect(validate, `a published schema named ${value.schema}`).toBeDefined();
  return validate!(value) ? [] : validate!.errors;
}

/** Commands with their options, each of which gives a listing of its own. */
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

describe('JSON of the built program follows the published schemas', () => {
  it.each(COMMANDS)('%s %s', async (command, option) => {
    for (const name of ['demo', 'oci zstd, many frames']) {
      const image = images.get(name)!;
      const { stdout, status } = await exhume([command, image, ...(option === '' ? [] : [option]), '--json']);
      expect(status, name).toBe(0);
      expect(stdout.startsWith(`{\n  "schema": "exhume/${command}/1"`), `${name}: schema first`).toBe(true);
      expect(violations(stdout), name).toEqual([]);
    }
  });

  it('path and extract', async () => {
    const demo = images.get('demo')!;
    const line = await exhume(['path', demo, '/usr/local/bin/backup', '--json']);
    expect(violations(line.stdout)).toEqual([]);
    const target = path.join(folder, 'evidence');
    const record = await exhume(['extract', demo, '/root/.ssh', '-o', target, '--json']);
    expect(record.status).toBe(0);
    expect(violations(record.stdout)).toEqual([]);
  });
});
