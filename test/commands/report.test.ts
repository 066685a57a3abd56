import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import formats from 'ajv-formats';
import draft4 from 'ajv-draft-04';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { githubToken } from '../../fixtures/canary.ts';
import { demoArchive } from '../../fixtures/demo.ts';
import { demoSecrets } from '../../fixtures/demo-app.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { hostileNames, hostileTexts } from '../../fixtures/hostile.ts';
import { file as fileEntry } from '../../fixtures/tar.ts';
import { REPORT_FORMATS } from '../../src/report/formats/format.ts';
import type { Report } from '../../src/report/report.ts';
import { violations } from '../schema-of.ts';
import { run } from './run.ts';

let folder = '';
let demo = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-report-'));
  demo = path.join(folder, 'demo.tar');
  await writeFile(demo, (await demoArchive()).bytes);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function report(image: string, format: string, ...more: string[]): Promise<string> {
  const { status, stderr, stdout } = await run('report', image, '-o', '-', '--format', format, ...more);
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

it.each(REPORT_FORMATS)('%s contains no value of a planted credential', async (format) => {
  const text = await report(demo, format);
  expect(text.length).toBeGreaterThan(1000);
  for (const secret of texts(demoSecrets())) {
    for (const line of secret.split('\n').filter((part) => part.length >= 16 && !part.startsWith('---'))) {
      expect(text).not.toContain(line);
    }
  }
});

describe('JSON', () => {
  it('follows its schema, and lists the steps in order', async () => {
    const made = JSON.parse(await report(demo, 'json')) as Report;
    expect(violations(made)).toEqual([]);

    const github = made.findings.find(({ playbook }) => playbook === 'github')!;
    expect(github.steps.map(({ phase }) => phase)).toEqual([
      'preserve',
      'revoke',
      'check',
      'fix',
      'purge',
      'verify',
    ]);
    const deleted = made.findings.find(({ rule }) => rule === 'private-key-openssh')!;
    expect(deleted).toMatchObject({ audience: 'image', playbook: 'ssh-key' });
    expect(deleted.steps[0]!.commands[0]).toMatch(/^exhume extract \S+ \/root\/\.ssh\/id_ed25519 --layer 4/);
    expect(made.fixes.dockerignore).toContain('**/.ssh');
    expect(made.verdict.clean).toBe(false);
    expect(made.reading.inputBefore).toMatch(/^[0-9a-f]{64}$/);
    expect(made.reading.inputAfter).toBe(made.reading.inputBefore);
  });

  it('distinguishes findings in the container from those only in the image', async () => {
    const made = JSON.parse(await report(demo, 'json')) as Report;
    const secrets = made.findings.filter(({ kind }) => kind === 'secret');
    for (const { audience, occurrences } of secrets) {
      const seen = occurrences.some(({ state }) => state === 'live');
      expect(audience).toBe(seen ? 'container' : 'image');
    }
    // It is in an attestation, in the history and in a deleted file.
    expect(secrets.find(({ rule }) => rule === 'npm-token')).toMatchObject({
      state: 'deleted',
      audience: 'image',
    });
    const token = secrets.find(({ where }) => where.surface === 'env');
    expect(token).toMatchObject({ audience: 'container' });
  });

  it('drafts a line that removes a setuid bit', async () => {
    const file = path.join(folder, 'setuid.tar');
    const steps = [
      { createdBy: '/bin/sh -c #(nop) ADD file:base in / ', entries: [fileEntry('etc/issue', 'test\n')] },
      { createdBy: '/bin/sh -c #(nop)  CMD ["sh"]', empty: true },
      {
        createdBy: 'COPY tool /opt/ # buildkit',
        comment: 'buildkit.dockerfile.v0',
        entries: [fileEntry('opt/my tool', 'x', { mode: 0o4755 })],
      },
    ];
    await writeFile(file, await dockerArchive([await buildImage({ steps })], { form: 'podman' }));
    const made = JSON.parse(await report(file, 'json')) as Report;
    expect(made.fixes.dockerfile.map(({ text }) => text)).toContain("RUN chmod a-s '/opt/my tool'");
    // In the demonstration image a later layer already clears the bit.
    const cleared = JSON.parse(await report(demo, 'json')) as Report;
    expect(cleared.fixes.dockerfile.some(({ text }) => text.includes('chmod'))).toBe(false);
  });

  it('explains how fingerprints are keyed', async () => {
    for (const format of ['json', 'markdown', 'html']) {
      expect((await report(demo, format)).replaceAll('\\', '')).toContain('HMAC-SHA-256');
    }
  });

  it('prints no command with an image name that cannot be opened', async () => {
    const { stdout } = await run('report', '-o', '-', '--format', 'json');
    const commands = (JSON.parse(stdout) as Report).findings.flatMap(({ steps }) =>
      steps.flatMap((step) => step.commands),
    );
    const extracts = commands.filter((command) => command.startsWith('exhume extract'));
    expect(extracts.length).toBeGreaterThan(3);
    expect(extracts.every((command) => command.startsWith('exhume extract <IMAGE> /'))).toBe(true);
  });

  it('lists the findings of the base image separately, with the options', async () => {
    const made = JSON.parse(await report(demo, 'json')) as Report;
    const theirs = made.findings.filter(({ suppressed, origin }) => suppressed === null && origin === 'base');
    expect(theirs.length).toBeGreaterThan(0);
    const [head, ...ways] = made.baseAdvice;
    expect(head).toMatch(/^\d+ findings? comes? from the base image, debian:bookworm-slim /);
    expect(head).toContain(theirs[0]!.where.path);
    expect(ways.map((way) => way.slice(0, 16))).toEqual([
      'If a newer base ',
      'Or use another b',
      'Or rebuild the b',
      'If you do not ha',
    ]);
    const text = await report(demo, 'markdown');
    for (const part of [
      '### Findings of the base image',
      '### Draft of the changed Dockerfile',
      '.dockerignore',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('advises to change FROM if the builder recorded the Dockerfile', async () => {
    const base = {
      createdBy: '/bin/sh -c #(nop) ADD file:0 in / ',
      entries: [fileEntry('etc/passwd', 'root::0:0::/:/bin/sh\nevil::0:0::/:/bin/sh\n')],
    };
    const own = { createdBy: 'RUN /bin/sh -c make # buildkit', comment: 'buildkit.dockerfile.v0' };
    const image = await buildImage({
      names: ['kept:1'],
      steps: [base, { ...own, entries: [fileEntry('made', '')] }],
    });
    const data = Buffer.from('FROM somewhere/base:1\nRUN make\n').toString('base64');
    const infos = [{ filename: 'Dockerfile', language: 'Dockerfile', data }];
    const source = { 'https://mobyproject.org/buildkit@v1#metadata': { source: { infos } } };
    const predicate = { provenance: { metadata: source } };
    const [whole, below] = [path.join(folder, 'kept.tar'), path.join(folder, 'kept-base.tar')];
    await writeFile(whole, await dockerArchive([image], { form: 'containerd', predicate }));
    await writeFile(below, await dockerArchive([await buildImage({ steps: [base] })], { form: 'podman' }));
    const made = JSON.parse(await report(whole, 'json', '--base', below)) as Report;
    expect(made.findings.some(({ origin, rule }) => origin === 'base' && rule === 'accounts')).toBe(true);
    expect(made.baseAdvice.at(-1)).toBe('The provenance records the Dockerfile: change its FROM.');
  });

  it('gives confidence and reason in every format for people', async () => {
    const html = await report(demo, 'html');
    expect(html).toContain('<dt>Reason</dt><dd>checksum valid</dd><dt>Confidence</dt><dd>high</dd>');
    expect(await report(demo, 'markdown')).toContain('- Reason: checksum valid\n- Confidence: high\n');
    // The verdict comes first, in three lines.
    expect(html).toMatch(/<div class="verdict">(?:<p>[^<]+<\/p>){3}<\/div>/);
  });

  it('lists the layers that another image shares, and the findings in them', async () => {
    const base = { createdBy: 'ADD base /', entries: [fileEntry('etc/key', `k=${githubToken('base')}\n`)] };
    const own = { createdBy: 'COPY own /', entries: [fileEntry('own', `k=${githubToken('own')}\n`)] };
    const save = async (name: string, steps: (typeof base)[]): Promise<string> => {
      const target = path.join(folder, `${name}.tar`);
      const image = await buildImage({ steps, names: [`exhume/${name}:1`] });
      await writeFile(target, await dockerArchive([image], { form: 'podman' }));
      return target;
    };
    const image = await save('one', [base, own]);
    const sibling = await save('sibling', [base, { createdBy: 'COPY x /', entries: [fileEntry('x', 'x')] }]);
    const stranger = await save('stranger', [{ createdBy: 'COPY y /', entries: [fileEntry('y', 'y')] }]);
    const made = JSON.parse(await report(image, 'json', '--also', sibling, stranger)) as Report;
    const inBase = made.findings.find(({ kind, where }) => kind === 'secret' && where.path === '/etc/key');
    expect(made.also).toMatchObject([
      { names: ['exhume/sibling:1'], layers: [0] },
      { names: ['exhume/stranger:1'], layers: [], findings: [] },
    ]);
    expect(made.also[0]!.findings).toContain(inBase!.id);
    const text = await report(image, 'markdown', '--also', sibling, stranger);
    expect(text).toMatch(
      /exhume\/sibling:1 \(`sha256:\w+`\) shares layer 0, which has \d+ findings?\. Rebuild and purge/,
    );
    expect(text).toMatch(/exhume\/stranger:1 \(`sha256:\w+`\) shares no layers/);
  });

  it('names the other images that share a layer', async () => {
    const made = JSON.parse(await report(demo, 'json', '--also', demo)) as Report;
    expect(made.also[0]!.layers).toHaveLength(made.image.layers);
    expect(made.also[0]!.findings.length).toBeGreaterThan(5);
    const purge = made.findings.find(({ rule }) => rule === 'private-key-openssh')!.steps.at(-2)!;
    expect(purge.text).toContain('of the images given with --also: exhume/leaky:1');
  });
});

it('writes valid SARIF, with suppressions', async () => {
  const require = createRequire(import.meta.url);
  const schemas = path.join(
    path.dirname(require.resolve('@microsoft/jest-sarif/package.json')),
    'lib/schemas',
  );
  const schema: unknown = JSON.parse(await readFile(path.join(schemas, 'sarif-2.1.0-rtm.5.json'), 'utf8'));
  const sarif = JSON.parse(await report(demo, 'sarif')) as {
    runs: { results: { suppressions?: unknown[]; message: { text: string } }[] }[];
  };
  const ajv = new draft4.default({ allErrors: true, strict: false, unicodeRegExp: false });
  formats.default(ajv);
  const validate = ajv.compile(schema as object);
  expect(validate(sarif) ? [] : validate.errors).toEqual([]);
  const results = sarif.runs[0]!.results;
  expect(results.filter(({ suppressions }) => suppressions === undefined).length).toBeGreaterThan(10);
  expect(results.some(({ suppressions }) => suppressions?.length === 1)).toBe(true);
});

it('lists files in SARIF as artifacts of their layers, with locations that refer to them', async () => {
  interface Artifact {
    readonly location: { readonly uri: string };
    readonly parentIndex?: number;
  }
  const { runs } = JSON.parse(await report(demo, 'sarif')) as {
    runs: {
      artifacts: Artifact[];
      results: { locations: { physicalLocation: { artifactLocation: { uri: string; index?: number } } }[] }[];
    }[];
  };
  const { artifacts, results } = runs[0]!;
  const places = results
    .flatMap(({ locations }) => locations.map(({ physicalLocation }) => physicalLocation.artifactLocation))
    .filter(({ index }) => index !== undefined);
  expect(places.length).toBeGreaterThan(10);
  for (const { index, uri } of places) {
    const file = artifacts[index!]!;
    expect(file.location.uri).toBe(uri);
    expect(artifacts[file.parentIndex!]!.parentIndex).toBe(0);
  }
});

describe('HTML', () => {
  it('loads nothing and runs no script', async () => {
    const html = await report(demo, 'html');
    expect(html).not.toMatch(/<script|\son\w+=|javascript:|<link|<img|<iframe|@import|url\(/i);
    expect(html).toContain("default-src 'none'");
    expect(html).toMatch(/<html lang="en">/);
    expect(html.match(/<rect /g)).toHaveLength(18);
  });
});

it.each(['html', 'markdown', 'junit', 'bodyfile', 'csv'])(
  'escapes text of a hostile image in %s',
  async (format) => {
    for (const [name, image] of [
      ['names', await hostileNames()],
      ['texts', await hostileTexts()],
    ] as const) {
      const file = path.join(folder, `${name}-${format}.tar`);
      if (!existsSync(file)) await writeFile(file, await dockerArchive([image], { form: 'podman' }));
      const { stdout } = await run('report', file, '-o', '-', '--format', format, '--quiet');
      const left = stdout.replaceAll('\n', '');
      expect(left).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b-\u200f]/u);
      if (format !== 'bodyfile') expect(left).not.toMatch(/<script|<img|<svg onload/i);
    }
  },
);

it('writes body file lines of eleven fields, whatever the name', async () => {
  const file = path.join(folder, 'pipes.tar');
  await writeFile(file, await dockerArchive([await hostileNames()], { form: 'podman' }));
  const lines = (await report(file, 'bodyfile', '--quiet')).trimEnd().split('\n');
  expect(lines.every((line) => line.split('|').length === 11)).toBe(true);
  expect(lines.some((line) => /^0\|layer-0\/[^|]+\|0\|r\/r[r-][w-][xsS-]/.test(line))).toBe(true);
});

it('writes a JUnit failure for each reported finding, and a skip for each suppressed one', async () => {
  const made = JSON.parse(await report(demo, 'json')) as Report;
  const xml = await report(demo, 'junit');
  expect(xml).toContain(`failures="${made.counts.reported}" errors="0" skipped="${made.counts.suppressed}"`);
  expect(xml.match(/<failure /g)).toHaveLength(made.counts.reported);
});

it('writes Timesketch lines with the required fields', async () => {
  const lines = (await report(demo, 'timesketch')).trimEnd().split('\n');
  const kinds = new Set<string>();
  for (const line of lines) {
    const { datetime, message, timestamp_desc } = JSON.parse(line) as Record<string, string>;
    expect(Date.parse(datetime!)).not.toBeNaN();
    expect(message).not.toBe('');
    kinds.add(timestamp_desc!);
  }
  expect([...kinds].toSorted()).toEqual(['history created', 'tar mtime']);
});

describe('the file', () => {
  it('is private to its owner, and replaced only on request', async () => {
    const file = path.join(folder, 'report.md');
    expect((await run('report', demo, '-o', file)).status).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const again = await run('report', demo, '-o', file);
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('--force')]);
    expect((await run('report', demo, '-o', file, '--force')).status).toBe(0);
  });

  it('needs a known format, or an error lists the formats', async () => {
    const { status, stderr } = await run('report', demo, '-o', path.join(folder, 'report.txt'));
    expect([status, stderr]).toEqual([2, expect.stringContaining('.html')]);
  });

  it('is not written if its directory does not exist', async () => {
    const { status, stderr } = await run('report', demo, '-o', path.join(folder, 'absent/report.md'));
    expect([status, stderr]).toEqual([2, expect.stringContaining('cannot write')]);
  });
});
