import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoArchive } from '../../fixtures/demo.ts';
import { dockerArchive, ociArchive } from '../../fixtures/forms.ts';
import { HOSTILE_MARK, HOSTILE_TEXTS, hostileEverywhere } from '../../fixtures/hostile-everywhere.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file } from '../../fixtures/tar.ts';
import { REPORT_FORMATS } from '../../src/report/formats/format.ts';
import { run, runOnTerminal } from './run.ts';

let folder = '';
let docker = '';
let oci = '';
let plain = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-hostile-'));
  docker = path.join(folder, 'docker.tar');
  oci = path.join(folder, 'oci.tar');
  plain = path.join(folder, 'plain.tar');
  const image = await hostileEverywhere();
  await writeFile(plain, (await demoArchive()).bytes);
  await writeFile(docker, await dockerArchive([image], { form: 'hybrid' }));
  await writeFile(oci, await ociArchive([image]));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

// oxlint-disable-next-line no-control-regex
const ACTS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Checks that an output has no characters that act on a terminal. */
function checkSigns(text: string): void {
  const found = [...text.matchAll(ACTS)].map(({ 0: sign, index }) => [
    sign.codePointAt(0)!.toString(16),
    text.slice(Math.max(0, index - 60), index + 20),
  ]);
  expect(found.slice(0, 3)).toEqual([]);
}

/** Also checks that no text from the image starts a new line. */
function checkText(text: string): void {
  checkSigns(text);
  expect(text.split('\n').filter((line) => line.startsWith(HOSTILE_MARK))).toEqual([]);
}

/** Removes the control sequences that exhume writes to redraw a progress line. */
function withoutProgress(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/\r|\x1b\[[0-2]?K/g, '');
}

/** Checks that text from the image creates no Markdown element outside code. */
function checkMarkdown(text: string): void {
  const lines: string[] = [];
  let fence: string | null = null;
  let heads = 0;
  for (const line of text.split('\n')) {
    const mark: string | undefined = /^\s*(`{3,})/.exec(line)?.[1];
    if (fence !== null) {
      if (line.trim() === fence) fence = null;
      continue;
    }
    if (mark !== undefined) {
      fence = mark;
      continue;
    }
    // GitHub splits a row at each unescaped pipe, even in code.
    const cells = line.startsWith('|') ? line.replaceAll('\\|', '').split('|').length : 0;
    if (heads > 0 && cells > 0) expect([cells, line]).toEqual([heads, line]);
    heads = cells;
    lines.push(line);
  }
  const outside = lines
    .join('\n')
    .replaceAll(/(?<!\\|`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, 'CODE')
    .replaceAll(/\\[!-/:-@[-`{-~]/g, '')
    .replaceAll('<br>', '');
  for (const pattern of [
    /<[a-z!/][^\n]*/i,
    /!?\[[^\n]*\]\([^\n]*/,
    /`[^\n]*/,
    /\w+:\/\/[^\n]*/,
    /^\s*#+ +PWNED/m,
  ]) {
    expect(pattern.exec(outside)?.[0]).toBeUndefined();
  }
}

const TAGS =
  /^(?:!doctype|html|head|meta|title|style|body|header|h[1-4]|small|div|p|strong|main|section|dl|dt|dd|code|figure|figcaption|svg|text|rect|span|article|ol|ul|li|pre|ins|del|table|thead|tbody|tr|th|td|a|br|time|footer)$/;

function checkHtml(text: string): void {
  const tags = [...text.matchAll(/<\/?([^\s>]*)/g)].map(([, tag]) => tag!);
  expect(tags.filter((tag) => !TAGS.test(tag))).toEqual([]);
  expect([...text.matchAll(/<[^>]*PWNED[^>]*>/g)].map(([tag]) => tag)).toEqual([]);
}

function checkXml(text: string): void {
  const tags = [...text.matchAll(/<([/?!]?[\w-]*)/g)].map(([, tag]) => tag!.replace('/', ''));
  const known = new Set([
    '?xml',
    'testsuites',
    'testsuite',
    'testcase',
    'failure',
    'skipped',
    'error',
    'system-out',
  ]);
  expect(tags.filter((tag) => !known.has(tag))).toEqual([]);
}

/** Checks that no cell is a formula for a spreadsheet, which ignores leading spaces. */
function checkCsv(text: string): void {
  const cells = [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",\n]*))/gm)].map(
    ([, quoted, bare]) => quoted ?? bare!,
  );
  expect(cells.length).toBeGreaterThan(100);
  expect(cells.filter((cell) => /^\s*[=+@\t\r-]/.test(cell))).toEqual([]);
}

function checkJson(text: string): void {
  for (const each of text.startsWith('{\n') ? [text] : text.trim().split('\n')) JSON.parse(each);
}

/** Checks that no SARIF message has a link or a control character. */
function checkSarif(text: string): void {
  const texts: string[] = [];
  JSON.parse(text, (key, value: unknown) => {
    if (key === 'text' && typeof value === 'string') texts.push(value);
    return value;
  });
  expect(texts.some((each) => each.includes(HOSTILE_MARK))).toBe(true);
  for (const each of texts) checkText(each);
  expect(texts.filter((each) => /(?<!\\)\]\(/.test(each))).toEqual([]);
}

const COMMANDS: readonly (readonly string[])[] = [
  ['summary'],
  ['ls'],
  ['ls', '--final'],
  ['ls', '--changes'],
  ['ls', '--deleted'],
  ['ls', '--setuid'],
  ['history'],
  ['dockerfile'],
  ['dockerfile', '--from-history'],
  ['waste'],
  ['packages'],
];

describe.each(['docker', 'oci'])('hostile text of an image (%s)', (form) => {
  const image = (): string => (form === 'docker' ? docker : oci);

  it.each(COMMANDS.map((words) => [words.join(' '), words] as const))(
    'is escaped by %s, as text and as JSON',
    async (_, [command, ...options]) => {
      const text = await run(command!, image(), ...options);
      expect(text.stdout).toContain(HOSTILE_MARK);
      // A here-document spans lines.
      if (command === 'dockerfile') checkSigns(text.stdout);
      else checkText(text.stdout);
      checkText(text.stderr);
      const json = await run(command!, image(), ...options, '--json');
      checkText(json.stdout);
      checkJson(json.stdout);
    },
  );

  it.each(COMMANDS.map((words) => [words.join(' '), words] as const))(
    'is escaped by %s on a terminal',
    async (_, [command, ...options]) => {
      const { stderr, stdout } = await runOnTerminal(command!, image(), ...options);
      checkSigns(withoutProgress(stdout));
      checkSigns(withoutProgress(stderr));
    },
  );

  it('is escaped in the errors that list the images of an archive', async () => {
    for (const options of [
      ['--image', 'absent'],
      ['--image', '99'],
      ['--platform', 'plan9/none'],
    ]) {
      const { status, stderr } = await run('summary', image(), ...options);
      expect(status).not.toBe(0);
      checkText(stderr);
    }
  });

  it.each(['table', 'json', 'csv', 'sarif', 'junit'])('is escaped by scan as %s', async (format) => {
    const { stderr, stdout } = await run('scan', image(), '--format', format, '--show-suppressed');
    expect(stdout).toContain(HOSTILE_MARK);
    checkText(stdout);
    checkText(stderr);
    if (format === 'json') checkJson(stdout);
    if (format === 'sarif') checkSarif(stdout);
    if (format === 'csv') checkCsv(stdout);
    if (format === 'junit') checkXml(stdout);
  });

  it.each(REPORT_FORMATS)('is escaped by report as %s', async (format) => {
    const { stderr, stdout } = await run('report', image(), '-o', '-', '--format', format, '--also', docker);
    expect(stdout).toContain(HOSTILE_MARK);
    checkText(stdout);
    checkText(stderr);
    if (format === 'json' || format === 'timesketch') checkJson(stdout);
    if (format === 'sarif') checkSarif(stdout);
    if (format === 'csv') checkCsv(stdout);
    if (format === 'junit') checkXml(stdout);
    if (format === 'html') checkHtml(stdout);
    if (format === 'markdown') checkMarkdown(stdout);
  });

  it('is escaped by packages as CycloneDX, and by compare', async () => {
    const bom = await run('packages', image(), '--format', 'cyclonedx');
    checkText(bom.stdout);
    checkJson(bom.stdout);
    for (const other of [docker, plain]) {
      const compared = await run('compare', image(), other);
      expect(compared.status).toBe(0);
      checkText(compared.stdout + compared.stderr);
    }
  });

  it('is escaped by path and cat for every path, and in their errors', async () => {
    const { stdout } = await run('ls', image(), '--json');
    const { entries } = JSON.parse(stdout) as { entries: { path: string }[] };
    const paths = [...new Set(entries.map((entry) => entry.path))].filter((each) => each.startsWith('/h/'));
    expect(paths.length).toBeGreaterThan(60);
    for (const each of paths.filter((_, i) => i % 3 === 0)) {
      const line = await run('path', image(), each);
      checkText(line.stdout + line.stderr);
      checkText((await run('path', image(), `${each}x`)).stderr);
      checkText((await run('cat', image(), `${each}x`)).stderr);
      checkText((await run('cat', image(), each, '--layer', '1')).stderr);
    }
  }, 120_000);

  it('is escaped by extract and in the names of its files', async () => {
    const target = path.join(folder, `evidence-${form}`);
    const { stderr, stdout } = await run('extract', image(), '/h', '-o', target);
    checkText(stdout + stderr);
    for (const each of await readdir(target, { recursive: true })) checkText(each);
    checkText(await readFile(path.join(target, 'exhume-evidence.json'), 'utf8').catch(() => ''));
  });

  it('is escaped in a case, and by verify in each format', async () => {
    const held = path.join(folder, `${form}.case`);
    const opened = await run('case', 'open', held, image());
    checkText(opened.stdout + opened.stderr);
    const shown = await run('case', 'show', held);
    checkText(shown.stdout + shown.stderr);
    const report = path.join(folder, `${form}.json`);
    expect((await run('report', image(), '-o', report)).status).toBe(0);
    for (const format of ['table', 'json', 'sarif', 'junit']) {
      const { stderr, stdout } = await run('verify', report, image(), '--format', format);
      checkText(stdout + stderr);
      if (format === 'junit') checkXml(stdout);
    }
  });
});

describe('hostile text in a manifest', () => {
  it('is escaped in the media type of a layer', async () => {
    const image = await buildImage({
      names: ['hostile/media:1'],
      steps: HOSTILE_TEXTS.map((text) => ({ mediaType: text, entries: [file('a', 'a')] })),
    });
    const archive = path.join(folder, 'media.tar');
    await writeFile(archive, await ociArchive([image]));
    for (const command of ['summary', 'ls', 'scan', 'history']) {
      const text = await run(command, archive);
      checkText(text.stdout + text.stderr);
      const json = await run(command, archive, '--json');
      checkText(json.stdout + json.stderr);
    }
    for (const format of REPORT_FORMATS) {
      const { stderr, stdout } = await run('report', archive, '-o', '-', '--format', format);
      checkText(stdout + stderr);
    }
  });

  it('is escaped in the content of a file on a terminal', async () => {
    const image = await buildImage({
      names: ['hostile/content:1'],
      steps: [{ entries: [file('a', HOSTILE_TEXTS.join('\n'))] }],
    });
    const archive = path.join(folder, 'content.tar');
    await writeFile(archive, await ociArchive([image]));
    const { stdout } = await runOnTerminal('cat', archive, '/a');
    expect(stdout).toContain(HOSTILE_MARK);
    checkSigns(stdout);
  });
});
