import { linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage, type FixtureImage } from '../../fixtures/image.ts';
import { writeOciLayout } from '../../fixtures/on-disk.ts';
import { file } from '../../fixtures/tar.ts';
import { run } from './run.ts';

let folder = '';
let image: FixtureImage;
let archive = '';
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'exhume-outputs-'));
  image = await buildImage({
    names: ['app:1'],
    steps: [{ createdBy: 'COPY a /a', entries: [file('a', 'a')] }],
  });
  archive = at('image.tar');
  writeFileSync(archive, await dockerArchive([image], { form: 'podman' }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => path.join(folder, name);

/** Runs a command whose output is one of its inputs, and expects that the file is unchanged. */
async function expectRefusal(input: string, ...argv: string[]): Promise<void> {
  const before = readFileSync(input);
  const { status, stderr } = await run(...argv, '--quiet');
  expect([status, stderr]).toEqual([2, expect.stringContaining('part of the input')]);
  expect(readFileSync(input).equals(before)).toBe(true);
}

const TO_JSON = ['--format', 'json', '--force'];

describe('report --force', () => {
  it('never replaces the image, by any name', async () => {
    linkSync(archive, at('hard.tar'));
    symlinkSync(archive, at('soft.tar'));
    for (const output of [archive, at('hard.tar'), at('soft.tar')]) {
      await expectRefusal(archive, 'report', archive, '-o', output, ...TO_JSON);
      await expectRefusal(
        archive,
        'report',
        `docker-archive:${at('soft.tar')}:app:1`,
        '-o',
        output,
        ...TO_JSON,
      );
    }
  });

  it('never replaces a blob of the layout that it reads', async () => {
    await writeOciLayout([image], at('layout'));
    const blob = at(`layout/blobs/sha256/${image.config.digest.slice('sha256:'.length)}`);
    for (const name of [at('layout'), `oci:${at('layout')}`]) {
      await expectRefusal(blob, 'report', name, '-o', blob, ...TO_JSON);
      await expectRefusal(at('layout/index.json'), 'report', name, '-o', at('layout/index.json'), ...TO_JSON);
    }
  });

  it('never replaces another image, the configuration, the case or its key', async () => {
    writeFileSync(at('other.tar'), readFileSync(archive));
    writeFileSync(at('exhume.yaml'), 'allow: []\n');
    expect((await run('case', 'open', at('case.json'), archive)).status).toBe(0);
    const report = ['report', archive, ...TO_JSON, '-o'];
    await expectRefusal(at('other.tar'), ...report, at('other.tar'), '--also', at('other.tar'));
    await expectRefusal(at('other.tar'), ...report, at('other.tar'), '--base', at('other.tar'));
    await expectRefusal(at('exhume.yaml'), ...report, at('exhume.yaml'), '--config', at('exhume.yaml'));
    await expectRefusal(at('case.json'), ...report, at('case.json'), '--case', at('case.json'));
    await expectRefusal(at('case.json.key'), ...report, at('case.json.key'), '--case', at('case.json'));
    expect((await run('case', 'verify', at('case.json'))).status).toBe(0);
  });

  it('never replaces the configuration of the current directory', async () => {
    const directory = mkdtempSync(at('configured-'));
    const before = process.cwd();
    process.chdir(directory);
    try {
      const made = await run('report', archive, ...TO_JSON, '-o', 'exhume.yaml');
      expect(made.status).toBe(0); // there is no configuration yet
      writeFileSync('exhume.yaml', 'allow: []\n');
      linkSync('exhume.yaml', 'hard.json');
      await expectRefusal('exhume.yaml', 'report', archive, ...TO_JSON, '-o', 'exhume.yaml');
      await expectRefusal('exhume.yaml', 'report', archive, ...TO_JSON, '-o', 'hard.json');
    } finally {
      process.chdir(before);
    }
  });

  it('does not log an export that failed', async () => {
    expect((await run('case', 'open', at('unlogged.json'), archive)).status).toBe(0);
    const before = readFileSync(at('unlogged.json'), 'utf8');
    writeFileSync(at('taken.json'), '');
    expect((await run('report', archive, '--case', at('unlogged.json'), '-o', at('taken.json'))).status).toBe(
      2,
    );
    expect(readFileSync(at('unlogged.json'), 'utf8')).toBe(before);
  });
});

describe('case', () => {
  it('open does not replace a file that has the name of its key but is not a key', async () => {
    const before = readFileSync(archive);
    writeFileSync(at('image.key'), before);
    const { status, stderr } = await run('case', 'open', at('image'), at('image.key'));
    expect([status, stderr]).toEqual([2, expect.stringContaining('image.key already exists')]);
    expect(readFileSync(at('image.key')).equals(before)).toBe(true);
  });

  it('changes the target of a link, and keeps the link', async () => {
    expect((await run('case', 'open', at('linked.json'), archive)).status).toBe(0);
    symlinkSync('linked.json', at('link.json'));
    linkSync(at('linked.json.key'), at('link.json.key'));
    expect((await run('case', 'decide', at('link.json'), 'rotated', 'secret-1')).status).toBe(0);
    expect(readFileSync(at('linked.json'), 'utf8')).toContain('secret-1');
  });

  it('rules --into never writes the image', async () => {
    await writeOciLayout([image], at('artifact'));
    // The config of an artifact is {}, which is also a valid exhume configuration.
    const empty = at('artifact/blobs/sha256/empty');
    writeFileSync(empty, '{}');
    const named = at('artifact-case.json');
    expect((await run('case', 'open', named, at('artifact'))).status).toBe(0);
    expect((await run('case', 'decide', named, 'false-alarm', 'secret-1')).status).toBe(0);
    await expectRefusal(empty, 'case', 'rules', named, at('artifact'), '--into', empty);
  });

  it('rules --into writes to a device in place', async () => {
    const named = at('device-case.json');
    expect((await run('case', 'open', named, archive)).status).toBe(0);
    expect((await run('case', 'decide', named, 'false-alarm', 'secret-1')).status).toBe(0);
    expect((await run('case', 'rules', named, '--into', '/dev/null')).status).toBe(0);
  });
});
