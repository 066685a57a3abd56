import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoArchive } from '../../fixtures/demo.ts';
import { removeSpools } from '../../src/bytes/spool.ts';
import { readKeymap } from '../../src/screen/keys-file.ts';
import { type Run, run, runIn, runOnInput } from '../commands/run.ts';
import { codeBlocks, mentionedOptions, shownCommands } from './shown-commands.ts';

/** Commands that cannot do their work here, and why. They run anyway, because their options must be accepted. */
const CANNOT_RUN: Readonly<Record<string, string>> = {
  'exhume NAME': 'needs an engine',
  'exhume app': 'needs an engine',
  'exhume --retest REPORT IMAGE': 'needs a terminal',
};

/** Commands that exit with a status other than 0 on the demonstration image, because it has many findings. */
const STATUSES: Readonly<Record<string, number>> = {
  'exhume verify REPORT IMAGE': 1,
  'exhume scan IMAGE --fail-on SEVERITY': 1,
  'exhume scan IMAGE --lowest-efficiency 0.9 --highest-wasted-bytes 20MB --highest-user-wasted-percent 0.1': 1,
};

/** The values of the placeholders in capitals. Files are created again for each command. */
const WORDS: Readonly<Record<string, string>> = {
  PATH: '/root/.ssh/id_rsa',
  '/path': '/root/.ssh/id_rsa',
  N: '4',
  SEVERITY: 'high',
  GLOB: '/root/**',
  GOAL: 'not-root',
  VERDICT: 'false-alarm',
  'FROM-TO': '0-10',
  COMMAND: 'ls',
};

const commands = shownCommands();
let folder = '';
let finding = '';
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-shown-'));
  await writeFile(inFolder('image.tar'), (await demoArchive()).bytes);
  await succeed('report', inFolder('image.tar'), '-o', inFolder('report.json'));
  const { findings } = JSON.parse((await succeed('scan', inFolder('image.tar'), '--json')).stdout);
  finding = findings[0].id;
  await succeed('case', 'open', inFolder('case'), inFolder('image.tar'));
  await succeed('case', 'flag', inFolder('case'), '/password.txt', '--layer', '8');
});

afterAll(async () => {
  removeSpools();
  await rm(folder, { recursive: true, force: true });
});

function inFolder(name: string): string {
  return path.join(folder, name);
}

async function succeed(...argv: string[]): Promise<Run> {
  const done = await run(...argv);
  expect(done.status, done.stderr).toBe(0);
  return done;
}

/** Replaces placeholders, and removes the square brackets around optional parts and the ellipsis. */
async function argumentsOf(text: string): Promise<string[]> {
  const words = text
    .replaceAll(/[[\]…]/g, '')
    .split(/\s+/)
    .slice(1);
  const file = await fileFor(words);
  return words.map((word) => {
    if (/^(?:IMAGE|A|B|image\.tar)$/.test(word)) return inFolder('image.tar');
    if (word === 'REPORT') return inFolder('report.json');
    if (word === 'DIR') return `${file}.d`;
    if (word === 'FILE') return file;
    if (word === 'FILE.json') return `${file}.json`;
    if (word === 'FINDING') return finding;
    if (word === 'NAME') return words.includes('--env') ? 'GITHUB_TOKEN' : 'app';
    return WORDS[word] ?? word;
  });
}

/** Returns the file that FILE stands for: a new report, a new case, or a copy of a case with one flag. */
async function fileFor(words: readonly string[]): Promise<string> {
  count += 1;
  const file = inFolder(`file-${count}`);
  if (words[0] === 'report') return `${file}.md`;
  if (words[0] === 'case' && words[1] !== 'open') {
    await copyFile(inFolder('case'), file);
    await copyFile(inFolder('case.key'), `${file}.key`);
  }
  return file;
}

async function runShown(text: string): Promise<Run> {
  const argv = await argumentsOf(text);
  if (argv.includes('-')) return runOnInput(await readFile(inFolder('image.tar')), ...argv);
  // An empty PATH has no engine, and the state directory is a new one.
  return runIn({ PATH: '', XDG_STATE_HOME: inFolder('state') }, ...argv);
}

/** Returns a line of output without the remark in brackets at its end, whose wording may change. */
function facts(line: string): string {
  return line.replace(/ {2}\[.*\]$/, '');
}

describe('the commands that the docs show', () => {
  it('include those of the README, the docs and their tables, with options', () => {
    const texts = commands.map(({ text }) => text);
    for (const text of [
      'exhume summary IMAGE',
      'exhume -',
      'exhume ls IMAGE --match GLOB',
      'exhume case undo FILE',
    ]) {
      expect(texts).toContain(text);
    }
    expect(
      [...Object.keys(CANNOT_RUN), ...Object.keys(STATUSES)].filter((text) => !texts.includes(text)),
    ).toEqual([]);
  });

  it.each(commands.map(({ text, page, output }) => [text, page, output] as const))(
    'run: %s (%s)',
    async (text, _page, output) => {
      const { status, stderr, stdout } = await runShown(text);
      // Commander ends its messages with this hint.
      expect(stderr).not.toContain('exhume --help lists');
      if (text in CANNOT_RUN) return;
      expect([status, stderr.includes('an error in exhume itself')], stderr).toEqual([
        STATUSES[text] ?? 0,
        false,
      ]);
      const shown = output.map(facts);
      const printed = stdout.split('\n').map(facts);
      expect(printed.filter((line) => shown.includes(line))).toEqual(shown);
    },
  );
});

/** Options of other programs that the docs mention. */
const OPTIONS_OF_OTHERS = new Set(['--from', '--mount', '--squash', '--uncompressed']);

/** Returns the help of a command and of the commands below it, by their names: '', 'ls', 'case', 'case open'. */
async function helpTexts(parent: readonly string[] = []): Promise<[name: string, text: string][]> {
  const { stdout } = await run(...parent, '--help');
  const list = /^Commands:\n((?: {2}.*\n)+)/m.exec(stdout)?.[1] ?? '';
  const names = [...list.matchAll(/^ {2}([a-z]+)/gm)]
    .map(([, name]) => name!)
    .filter((name) => name !== 'help');
  const below = await Promise.all(names.map((name) => helpTexts([...parent, name])));
  return [[parent.join(' '), stdout], ...below.flat()];
}

it('has every option that the docs mention', async () => {
  const known = new Set((await helpTexts()).flatMap(([, text]) => text.match(/--[a-z-]+/g) ?? []));
  const unknown = mentionedOptions().filter(
    ({ option }) => !known.has(option) && !OPTIONS_OF_OTHERS.has(option),
  );
  expect(unknown).toEqual([]);
});

it('has no command that the docs do not show', async () => {
  const names = (await helpTexts()).map(([name]) => name);
  expect(names).toContain('case open');
  const missing = names.filter(
    (name) => !commands.some(({ text }) => `${text} `.startsWith(`exhume ${name} `)),
  );
  expect(missing.filter((name) => name !== '')).toEqual([]);
});

describe('the files that docs/configuration.md shows', () => {
  const [configuration, keys] = codeBlocks('docs/configuration.md', 'yaml');

  it('are valid rules and exceptions', async () => {
    await writeFile(inFolder('exhume.yaml'), configuration!);
    const listed = await run('ls', inFolder('image.tar'), '--config', inFolder('exhume.yaml'));
    expect(listed).toMatchObject({ status: 0, stderr: '' });
  });

  it('are valid key bindings', async () => {
    await writeFile(inFolder('keys.yaml'), keys!);
    await expect(readKeymap(inFolder('keys.yaml'), {})).resolves.toBeDefined();
  });
});
