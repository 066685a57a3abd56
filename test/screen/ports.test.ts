import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dir, file, symlink, whiteout } from '../../fixtures/tar.ts';
import { readCase } from '../../src/case/case-file.ts';
import type { EvidenceRecord } from '../../src/case/evidence.ts';
import { parseUserConfig } from '../../src/secrets/user-config.ts';
import { screenPorts } from '../../src/screen/ports.ts';
import { ScreenCase } from '../../src/screen/screen-case.ts';
import type { Surroundings } from '../../src/screen/surroundings.ts';
import type { Ports } from '../../src/tui/effects.ts';
import { Masker } from '../../src/secrets/mask/masker.ts';
import { pathId } from '../ledger-of.ts';
import { imageOf, type TestImage } from '../tui/stacked-of.ts';

let whole: TestImage;
let twice: TestImage;
let folder = '';
const before = process.cwd();

beforeAll(async () => {
  twice = await imageOf([
    { by: 'COPY . /app', entries: [dir('app/'), file('app/key', 'the old key'), file('app/notes', 'n')] },
    { by: 'COPY . /app', entries: [dir('app/'), file('app/key', 'the new key')] },
  ]);
  whole = await imageOf([
    {
      by: 'COPY . /app',
      entries: [dir('app/'), file('app/key', 'the old key'), symlink('app/link', '/etc/passwd')],
    },
    { by: 'RUN rm /app/key', entries: [dir('app/'), whiteout('app/key')] },
  ]);
  folder = mkdtempSync(path.join(tmpdir(), 'exhume-ports-'));
  // Directories are extracted into the current directory.
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

function portsOf(env: NodeJS.ProcessEnv = {}, isOpen = true, image: TestImage = whole): Ports {
  const stdout = Object.assign(new PassThrough(), { isTTY: true });
  const context = { stdout, env, signal: new AbortController().signal } as unknown as Surroundings;
  const masker = new Masker([]);
  const open = { stacked: () => (isOpen ? image.stacked : null), history: () => image.history, masker };
  const sources = { ledger: image.stacked.ledger, history: image.history, origins: [], masker };
  return screenPorts(open, context, {
    held: new ScreenCase(CASE, false, image.stacked.image, undefined, env, masker),
    sources: () => (isOpen ? sources : null),
    hashInput: async () => 'ab'.repeat(32),
    inputs: [],
    exportReport: async (target) => ({ text: `${target}: written`, format: 'html' }),
  });
}

/** Relative to the temporary directory in which these tests run. */
const CASE = 'cases/case.json';

const key = () => ({ path: pathId(whole.stacked.ledger, '/app/key'), layer: 0, entry: 1 });

describe('the ports of the screen', () => {
  it('refuse to extract, export and show with a tampered case', async () => {
    const ports = portsOf();
    await ports.changeCase({
      kind: 'decide',
      findings: ['secret-1'],
      verdict: 'rotated',
      reason: null,
      until: null,
    });
    const written = JSON.parse(readFileSync(CASE, 'utf8')) as { log: unknown[] };
    written.log.pop();
    writeFileSync(CASE, JSON.stringify(written));
    const files = readdirSync(folder);
    await expect(ports.extract([{ path: key().path, layer: 0 }], 'exhume-key')).rejects.toThrow(
      'the case is broken',
    );
    await expect(ports.exportReport('report.html')).rejects.toThrow('the case is broken');
    await expect(ports.keepRules('exhume.yaml', [])).rejects.toThrow('the case is broken');
    expect(readdirSync(folder)).toEqual(files);
    expect(readFileSync(CASE, 'utf8')).toBe(JSON.stringify(written));
    for (const each of [CASE, `${CASE}.key`]) rmSync(each);
  });

  it('logs what is viewed, revealed, extracted and exported', async () => {
    const ports = portsOf();
    const request = {
      content: key(),
      mode: 'auto',
      offset: 0,
      firstLine: 1,
      before: null,
      at: null,
    } as const;
    await ports.preview({ ...request, reveal: null, known: [] });
    expect(existsSync(CASE)).toBe(false);
    const decide = {
      kind: 'decide',
      findings: ['a'],
      verdict: 'rotated',
      reason: null,
      until: null,
    } as const;
    const { held, text } = await ports.changeCase(decide);
    expect(held.file).toBe(CASE);
    expect(text).toBe('decided: rotated; u undoes it');
    await ports.preview({ ...request, reveal: null, known: [] });
    await ports.preview({ ...request, reveal: 4, known: [] });
    await ports.extract([{ path: key().path, layer: 0 }], 'exhume-key');
    expect(await ports.exportReport('report.html')).toBe('report.html: written');
    expect(readCase(CASE).log.map(({ did }) => did)).toMatchObject([
      { action: 'opened' },
      { action: 'decided' },
      { action: 'viewed', path: '/app/key', layer: 0 },
      { action: 'revealed', finding: '/app/key of layer 0, byte 4' },
      { action: 'extracted', folder: 'exhume-key', files: 1 },
      { action: 'exported', file: 'report.html', format: 'html' },
    ]);
    rmSync('cases', { recursive: true });
    rmSync('exhume-key', { recursive: true });
  });

  it('refuses to change a case while the image is being read', async () => {
    await expect(portsOf({}, false).changeCase({ kind: 'undo', findings: [] })).rejects.toThrow(
      'still being read',
    );
  });

  it('refuses a byte range beyond the file', async () => {
    const place = {
      surface: 'file',
      path: '/app/key',
      layer: 0,
      key: null,
      historyIndex: null,
      start: 4,
      end: 12,
    } as const;
    const flag = { kind: 'flag', place, title: 'Key', severity: 'high', note: null } as const;
    await expect(portsOf().changeCase(flag)).rejects.toThrow('the file (11 bytes)');
    expect(existsSync(CASE)).toBe(false);
  });

  it('keeps the false alarms of the case as exceptions of a configuration', async () => {
    const ports = portsOf();
    await expect(ports.keepRules('exhume.yaml', [])).rejects.toThrow('no decided finding to keep as a rule');
    const decide = (id: string, reason: string | null): Promise<unknown> =>
      ports.changeCase({ kind: 'decide', findings: [id], verdict: 'false-alarm', reason, until: null });
    await decide('secret-00000001', 'an example: "x"');
    expect(await ports.keepRules('exhume.yaml', [])).toBe('exhume.yaml: 1 exception added');
    expect(parseUserConfig(readFileSync('exhume.yaml', 'utf8'), 'exhume.yaml').allow).toEqual([
      { fingerprint: 'secret-00000001', reason: 'an example: "x"' },
    ]);
    rmSync('cases', { recursive: true });
    rmSync('exhume.yaml');
  });

  it('copies and says where to', async () => {
    expect(await portsOf().copy('/app/key', 'path')).toBe("path sent to the terminal's clipboard: /app/key");
    await expect(portsOf().copy('x'.repeat(80_000), 'path')).rejects.toThrow('the path is too long');
  });

  it('extracts a deleted file, as it was in its layer, with a record', async () => {
    const { path: id, layer } = key();
    expect(await portsOf().extract([{ path: id, layer }], 'exhume-key')).toBe('1 file in ./exhume-key/');
    const names = readdirSync(path.join(folder, 'exhume-key'), { recursive: true }).map(String);
    const written = names.find((name) => /(^|\/)key[^/]*$/.test(name))!;
    expect(readFileSync(path.join(folder, 'exhume-key', written), 'utf8')).toBe('the old key');
    const record = JSON.parse(readFileSync(path.join(folder, 'exhume-key/exhume-evidence.json'), 'utf8'));
    const hash = 'ab'.repeat(32);
    expect(record).toMatchObject({ inputBefore: hash, inputAfter: hash });
  });

  it('extracts several versions to one directory', async () => {
    const id = pathId(twice.stacked.ledger, '/app/key');
    const other = portsOf({}, true, twice);
    const places = [
      { path: id, layer: 0 },
      { path: id, layer: 1 },
      { path: id, layer: 1 },
      { path: pathId(twice.stacked.ledger, '/app/notes'), layer: 0 },
    ];
    expect(await other.extract(places, 'exhume-evidence')).toBe('3 files in ./exhume-evidence/');
    const text = (name: string): string => readFileSync(path.join(folder, 'exhume-evidence', name), 'utf8');
    expect(text('app/key')).toBe('the old key');
    expect(text('layer-1~/app/key')).toBe('the new key');
    const { items } = JSON.parse(text('exhume-evidence.json')) as EvidenceRecord;
    expect(items.map(({ file: name, layer }) => [name, layer])).toEqual([
      ['app/key', 0],
      ['layer-1~/app/key', 1],
      ['app/notes', 0],
    ]);
  });

  it('suggests a new directory and refuses others', async () => {
    const { path: id, layer } = key();
    const ports = portsOf();
    expect([ports.freeFolder('exhume-key'), ports.freeFolder('none')]).toEqual(['exhume-key-2', 'none']);
    await expect(ports.extract([{ path: id, layer }], 'exhume-key')).rejects.toThrow('is not empty');
    expect(readdirSync(path.join(folder, 'exhume-key')).toSorted()).toEqual(['app', 'exhume-evidence.json']);
  });

  it("shows a file's content in the pager, from a copy that is gone afterwards", async () => {
    const seen = path.join(folder, 'seen');
    const pager = path.join(folder, 'pager');
    writeFileSync(pager, `#!/bin/sh\necho "$1" > '${seen}'\ncat "$1" >> '${seen}'\n`);
    chmodSync(pager, 0o755);
    expect(await portsOf({ PAGER: pager }).view('pager', key())).toBe('');
    const [copy, content] = readFileSync(seen, 'utf8').split('\n');
    expect(content).toBe('the old key');
    expect(path.basename(copy!)).toBe('key');
    expect(existsSync(copy!)).toBe(false);
  });

  it('logs content before a program shows it unmasked', async () => {
    const ports = portsOf({ PAGER: path.join(folder, 'none') });
    const findings = ['a'];
    await ports.changeCase({ kind: 'decide', findings, verdict: 'rotated', reason: null, until: null });
    await expect(ports.view('pager', key())).rejects.toThrow('set $PAGER');
    expect(readCase(CASE).log.at(-1)!.did).toEqual({
      action: 'revealed',
      finding: '/app/key of layer 0, all of it, in the pager',
    });
    rmSync('cases', { recursive: true });
  });

  it('names the variable to set if the program is missing', async () => {
    const ports = portsOf({ EDITOR: path.join(folder, 'none') });
    await expect(ports.view('editor', key())).rejects.toThrow('set $EDITOR');
  });

  it('says that the image is not open yet', async () => {
    await expect(portsOf({}, false).extract([{ path: 1, layer: 0 }], 'none')).rejects.toThrow('not open yet');
  });
});
