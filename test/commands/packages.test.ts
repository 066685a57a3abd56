import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { violations } from '../schema-of.ts';
import { run } from './run.ts';

const json = (file: string): object => JSON.parse(readFileSync(file, 'utf8'));
const library = createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json');
const official = (name: string): object => json(path.join(path.dirname(library), 'res/schema', name));

describe('packages', () => {
  it('lists packages with the layer that added each', async () => {
    const { status, stdout } = await run('packages', '--no-verify');
    expect(status).toBe(0);
    const rows = stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(rows).toContainEqual(['deb', 'curl', '7.88.1-10+deb12u14', '1', 'application', 'live']);
    expect(rows).toContainEqual(['deb', 'bash', '5.2.15-2+b9', '0', 'base', 'live']);
    const file = '/app/node_modules/left-pad/package.json';
    expect(rows).toContainEqual(['npm', 'left-pad', '1.3.0', '13', 'application', 'live', file]);
  });

  it('prints JSON that follows its schema', async () => {
    const { stdout } = await run('packages', '--no-verify', '--json');
    expect(violations(JSON.parse(stdout))).toEqual([]);
    expect((JSON.parse(stdout) as { distribution: unknown }).distribution).toMatchObject({
      id: 'debian',
      version: '12',
    });
  });

  it('prints deterministic CycloneDX 1.6 that follows its schema', async () => {
    const { stdout } = await run('packages', '--no-verify', '--format', 'cyclonedx');
    const ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.addSchema(
      official('spdx.SNAPSHOT.schema.json'),
      'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json',
    );
    ajv.addSchema(
      official('jsf-0.82.SNAPSHOT.schema.json'),
      'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json',
    );
    const validate = ajv.compile(official('bom-1.6.SNAPSHOT.schema.json'));
    const bom = JSON.parse(stdout) as { components: { purl?: string; properties?: unknown }[] };
    expect(validate(bom) ? [] : validate.errors).toEqual([]);
    expect(bom).toMatchObject({ specVersion: '1.6', metadata: { component: { type: 'container' } } });
    const curl = bom.components.find(({ purl }) => purl?.includes('/curl@'))!;
    expect(curl.purl).toBe('pkg:deb/debian/curl@7.88.1-10%2Bdeb12u14?arch=amd64&distro=debian-12');
    expect(curl.properties).toContainEqual({ name: 'exhume:layer', value: '1' });
    expect((await run('packages', '--no-verify', '--format', 'cyclonedx')).stdout).toBe(stdout);
  });

  it('rejects any other format', async () => {
    expect(await run('packages', '--format', 'spdx')).toMatchObject({ status: 2 });
  });
});
