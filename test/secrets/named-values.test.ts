import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsKeyPair, githubToken, password } from '../../fixtures/canary.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage, type ImageOptions } from '../../fixtures/image.ts';
import { file } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { run } from '../commands/run.ts';

let folder = '';
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-named-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function save(options: Partial<ImageOptions>): Promise<string> {
  const steps = [{ createdBy: 'COPY . /', entries: [file('a')] }];
  const target = path.join(folder, `${count++}.tar`);
  await writeFile(
    target,
    await dockerArchive([await buildImage({ steps, names: ['named:1'], ...options })], { form: 'podman' }),
  );
  return target;
}

async function reported(options: Partial<ImageOptions>): Promise<Finding[]> {
  const { stdout } = await run('scan', await save(options), '--json');
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return findings.filter(({ suppressed, kind }) => suppressed === null && kind === 'secret');
}

describe('the fingerprint of a public key', () => {
  const fingerprint = 'A035C8C19219BA821ECEA86B64E628F8D684696D';
  const python = [
    'PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin',
    'LANG=C.UTF-8',
    `GPG_KEY=${fingerprint}`,
    'PYTHON_VERSION=3.13.1',
    `PYTHON_SHA256=${'9cf9427bee9e2242e3877dd0f6b641c1'.repeat(2)}`,
  ];
  const steps = [
    { createdBy: `ENV GPG_KEY=${fingerprint}`, comment: 'buildkit.dockerfile.v0', empty: true },
    { createdBy: 'RUN make # buildkit', entries: [file('a')] },
  ];

  it('does not fail the scan of an official Python image', async () => {
    const image = await save({ steps, config: { Env: python, User: 'app' } });
    const { status, stdout } = await run('scan', image, '--fail-on', 'high');
    expect(stdout).not.toContain('GPG_KEY');
    expect(status).toBe(0);
  });

  it('is not masked in the history', async () => {
    const { stdout } = await run('history', await save({ steps, config: { Env: python } }));
    expect(stdout).toContain(fingerprint);
  });

  it('does not suppress other values with the same name', async () => {
    const found = await reported({ config: { Env: [`GPG_KEY=${password('gpg', 32)}`] } });
    expect(found.map(({ where }) => where.key)).toEqual(['GPG_KEY']);
  });
});

describe('an administrator password', () => {
  it.each([
    ['etc/app.yaml', 'keycloak:\n  KC_ADMIN_PASSWORD: "#"\n'],
    ['etc/app.conf', 'KEYCLOAK_ADMIN_PASSWORD=#\n'],
    ['opt/app.py', 'DJANGO_SUPERUSER_ADMIN_PASSWORD = "#"\n'],
    ['opt/app.properties', 'sonar.adminPassword=#\n'],
    ['opt/start.sh', 'export REDIS_CACHE_PASSWORD="#"\n'],
    ['srv/.env', 'GRAFANA_ADMIN_PASSWORD=#\n'],
  ])('is found in %s', async (name, text) => {
    const value = password(`administrator ${name}`, 24);
    const entries = [file(name, text.replace('#', value))];
    const found = await reported({ steps: [{ createdBy: 'COPY . /', entries }] });
    expect(found.map(({ where }) => where.path)).toEqual([`/${name}`]);
  });
});

describe('a data source name', () => {
  it.each([
    'localhost',
    'localhost:5432',
    'myapp.internal',
    'mydb',
    'server1.acme.io',
    'proxy.acme.io',
    'db.localdomain',
  ])('is found with the host %s', async (host) => {
    const text = `url: postgres://app:${password(host)}@${host}/orders\n`;
    const found = await reported({
      steps: [{ createdBy: 'COPY . /', entries: [file('etc/app.yaml', text)] }],
    });
    expect(found).toHaveLength(1);
  });

  it.each(['db.example.com', 'db.example', 'db.test'])(
    'is suppressed with the reserved host %s',
    async (host) => {
      const text = `url: postgres://app:${password(host)}@${host}/orders\n`;
      expect(
        await reported({ steps: [{ createdBy: 'COPY . /', entries: [file('etc/app.yaml', text)] }] }),
      ).toEqual([]);
    },
  );
});

describe('a value with a distinctive format', () => {
  it('is found whatever its name is', async () => {
    const found = await reported({ config: { Env: [`AWS_ACCESS_KEY_ID=${awsKeyPair('names').id}`] } });
    expect(found.flatMap(({ occurrences }) => occurrences.map(({ where }) => where.key))).toContain(
      'AWS_ACCESS_KEY_ID',
    );
  });
});

describe('a token that is the user of a URL', () => {
  it('is not quoted in the finding about the password', async () => {
    const token = githubToken('user');
    const text = `git clone https://${token}:${password('user', 24)}@git.acme.internal/a\n`;
    const found = await reported({
      steps: [{ createdBy: 'COPY . /', entries: [file('etc/setup', text)] }],
    });
    expect(found).toHaveLength(2);
    expect(JSON.stringify(found)).not.toContain(token);
  });
});

it.each(['Volumes', 'ExposedPorts'])('a credential in the name of a field of %s is found', async (field) => {
  const found = await reported({ config: { [field]: { [`/data/${githubToken(field)}`]: {} } } });
  expect(found.map(({ where }) => [where.surface, where.key])).toEqual([['config', field]]);
});
