import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoArchive } from '../../fixtures/demo.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file } from '../../fixtures/tar.ts';
import { demoSecrets } from '../../fixtures/demo-app.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { violations } from '../schema-of.ts';
import { run } from './run.ts';

let folder = '';
let demo = '';
let findings: Finding[] = [];
let json = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-scan-'));
  demo = path.join(folder, 'demo.tar');
  await writeFile(demo, (await demoArchive()).bytes);
  json = (await run('scan', demo, '--json')).stdout;
  findings = (JSON.parse(json) as { findings: Finding[] }).findings;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The findings of a rule, reported ones first. */
function ofRule(rule: string): Finding[] {
  return findings.filter((finding) => finding.rule === rule);
}

/** Returns every string in an object. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

describe('scan', () => {
  it('prints JSON that follows its schema and contains no secret', () => {
    expect(violations(JSON.parse(json))).toEqual([]);
    const lines = texts(demoSecrets())
      .flatMap((text) => text.split('\n'))
      .filter((line) => line.length >= 16 && !/^-----|^ssh-/.test(line));
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.filter((line) => texts(JSON.parse(json)).some((text) => text.includes(line)))).toEqual([]);
  });

  it('finds a deleted key with the instructions that added and removed it', () => {
    const [key] = ofRule('private-key-openssh');
    expect(key).toMatchObject({
      state: 'deleted',
      introducedBy: 'COPY ssh/ /root/.ssh/',
      removedBy: 'RUN rm -rf /root/.ssh /root/.aws/credentials /app/.env /app/.npmrc',
      where: { surface: 'file', layer: 4, path: '/root/.ssh/id_ed25519', line: 1 },
    });
    expect(key!.occurrences.map(({ where, removedIn }) => [where.layer, removedIn])).toEqual([
      [4, 11],
      [6, 11],
    ]);
  });

  it('reports a rotated value as two findings', () => {
    const passwords = ofRule('password-assignment').filter(
      ({ where }) => where.path === '/app/config/database.yml',
    );
    expect(passwords.map(({ state, where }) => [state, where.layer])).toEqual([
      ['live', 12],
      ['shadowed', 3],
    ]);
    expect(new Set(passwords.map(({ id }) => id)).size).toBe(2);
  });

  it('reports one finding for one value, with all its places', () => {
    const [token] = ofRule('npm-token');
    const surfaces = new Set(token!.occurrences.map(({ where }) => where.surface));
    expect([...surfaces].toSorted()).toEqual(['attestation', 'file', 'history']);
    expect(ofRule('npm-token')).toHaveLength(1);
  });

  it('has the same ids in every run', async () => {
    const again = JSON.parse((await run('scan', demo, '--json')).stdout) as { findings: Finding[] };
    expect(again.findings).toEqual(findings);
  });

  it('fails only if a finding has the given severity', async () => {
    expect((await run('scan', demo, '--fail-on', 'critical')).status).toBe(1);
    expect((await run('scan', demo)).status).toBe(0);
    const wrong = await run('scan', demo, '--fail-on', 'severe');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('critical, high, medium, low, info');
  });

  it('lists suppressed findings on request, with the reason', async () => {
    expect((await run('scan', demo)).stdout).not.toContain('ends in EXAMPLE');
    expect((await run('scan', demo, '--show-suppressed')).stdout).toContain('suppressed: ends in EXAMPLE');
  });

  it('lists the checks with an unknown result, with the reason', async () => {
    const name = path.join(folder, 'plain.tar');
    const image = await buildImage({ steps: [{ createdBy: 'COPY a /', entries: [file('a', 'a')] }] });
    await writeFile(name, await dockerArchive([image], { form: 'podman' }));
    const { stdout } = await run('scan', name);
    const unknown = Number(/(\d+) unknown/.exec(stdout)![1]);
    const lines = stdout.split('\n').filter((line) => line.startsWith('  unknown: '));
    const named = lines.flatMap((line) => /unknown: (.*) \(.+\)$/.exec(line)![1]!.split(', '));
    expect(named).toHaveLength(unknown);
    expect(lines).toContain('  unknown: no-attestation (this archive format does not include attestations)');
  });

  it('prints CSV with a row for each place', async () => {
    const { stdout } = await run('scan', demo, '--format', 'csv', '--show-suppressed');
    const rows = stdout.trimEnd().split('\n');
    expect(rows[0]).toMatch(/^id,kind,rule,/);
    expect(rows).toHaveLength(1 + findings.reduce((sum, { occurrences }) => sum + occurrences.length, 0));
  });
});

it('masks the match of a custom rule in quoted instructions too', async () => {
  const value = ['ACME', '493817264950'].join('-');
  const image = path.join(folder, 'ruled.tar');
  const steps = [
    {
      createdBy: `RUN deploy --with ${value} # buildkit`,
      comment: 'buildkit.dockerfile.v0',
      entries: [file('app/tool', 'x', { mode: 0o4755 })],
    },
  ];
  await writeFile(image, await dockerArchive([await buildImage({ steps })], { form: 'podman' }));
  const config = path.join(folder, 'exhume.yaml');
  const rule = ['id: acme', 'title: Acme key', 'anchors: [ACME-]', "pattern: 'ACME-[0-9]{12}'"];
  await writeFile(config, `rules:\n  - ${rule.join('\n    ')}\n`);
  for (const format of ['table', 'json', 'sarif', 'csv']) {
    const { status, stdout } = await run('scan', image, '--config', config, '--format', format);
    expect([status, stdout.includes(value)], format).toEqual([0, false]);
    expect(stdout, format).toContain('RUN deploy --with ********(17)');
  }
  const { stdout } = await run('report', image, '--config', config, '-o', '-', '--format', 'markdown');
  expect(stdout).not.toContain(value);
  // Without the rule it is not a secret.
  expect((await run('scan', image)).stdout).toContain(value);
});
