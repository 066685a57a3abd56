import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Masker } from '../../src/secrets/mask/masker.ts';
import { githubToken } from '../../fixtures/canary.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file as entry } from '../../fixtures/tar.ts';
import type { Case, CaseAction } from '../../src/case/case.ts';
import { changeCase } from '../../src/case/case-file.ts';
import { appendLine, beginLog } from '../../src/case/chain.ts';
import { type Run, run } from './run.ts';

const FACTS = { at: '2026-11-21T10:00:00.000Z', tool: 'exhume 0.1.0', operator: 'ada' };
const PLACE = { layer: 0, path: '/a', key: null, historyIndex: null, start: null, end: null } as const;
const FLAG = { ...PLACE, id: 'flag-1', surface: 'file', kind: 'Code', severity: 'low', note: null } as const;
const ROTATED = { finding: 'secret-a', verdict: 'rotated', reason: null, until: null } as const;
/** Logs one action of each kind. */
const ACTIONS: readonly CaseAction[] = [
  { action: 'viewed', path: '/app/notes', layer: null },
  { action: 'revealed', finding: 'secret-a' },
  { action: 'extracted', folder: 'evidence', files: 2 },
  { action: 'exported', file: 'report.md', format: 'markdown' },
  { action: 'retested', report: 'report.json', retested: 'image:2', met: true },
  { action: 'flagged', flag: FLAG },
  { action: 'decided', decision: ROTATED },
  { action: 'decided', decision: { ...ROTATED, verdict: 'accepted', reason: 'known' } },
  { action: 'undone', line: 8 },
  { action: 'viewed', path: '/app/notes', layer: 0 },
  { action: 'viewed', path: '/app/notes', layer: 0 },
];

let folder = '';
let image = '';
let intact = '';
let held = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-tampering-'));
  image = path.join(folder, 'image.tar');
  const entries = [entry('app/.env', `T=${githubToken('tampering')}\n`)];
  const built = await buildImage({
    steps: [{ createdBy: 'COPY . /app', entries }],
    names: ['exhume/case:1'],
  });
  await writeFile(image, await dockerArchive([built], { form: 'podman' }));
  held = path.join(folder, 'case.json');
  await run('case', 'open', held, image, '--operator', 'ada');
  for (const did of ACTIONS) changeCase(held, FACTS, () => did, new Masker([]));
  intact = await readFile(held, 'utf8');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(() => writeFile(held, intact));

type Edit = readonly [what: string, text: string];

const verify = (): Promise<Run> => run('case', 'verify', held);

it('reports an unreadable key without calling the case broken', async () => {
  const key = (await readdir(folder)).find((name) => name.startsWith('case.json') && name !== 'case.json')!;
  const bytes = await readFile(path.join(folder, key));
  await rm(path.join(folder, key));
  await mkdir(path.join(folder, key));
  const { status, stderr } = await verify();
  await rm(path.join(folder, key), { recursive: true });
  await writeFile(path.join(folder, key), bytes);
  expect([status, stderr]).toEqual([3, expect.stringMatching(/cannot read key .*case\.json.*: EISDIR/)]);
});
const flag = (): Promise<Run> => run('case', 'flag', held, '--env', 'NAME');
const readHeld = async (): Promise<Case> => JSON.parse(await readFile(held, 'utf8')) as Case;

/** Changes the parsed case and returns its text. */
function edited(what: string, edit: (written: Case) => unknown): Edit {
  const written = JSON.parse(intact) as Case;
  edit(written);
  return [what, JSON.stringify(written)];
}

/** Yields every change of one value, removal of one field and addition of one field, anywhere below `at`. */
function* fieldEdits(value: unknown, at: readonly string[] = []): Generator<Edit> {
  const change = (name: string, edit: (parent: Record<string, unknown>) => unknown, place = at): Edit =>
    edited(`${[...at, name].join('.')}`, (written) =>
      edit(place.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], written) as never),
    );
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) yield* fieldEdits(each, [...at, String(index)]);
  } else if (typeof value === 'object' && value !== null) {
    yield change('(another field)', (parent) => (parent['more'] = 1));
    for (const [name, each] of Object.entries(value)) {
      yield change(`${name} (removed)`, (parent) => delete parent[name]);
      yield* fieldEdits(each, [...at, name]);
    }
  } else {
    const [last, above] = [at.at(-1)!, at.slice(0, -1)];
    for (const other of othersThan(value)) {
      yield change(`= ${JSON.stringify(other)}`, (parent) => (parent[last] = other), above);
    }
  }
}

function othersThan(value: unknown): unknown[] {
  if (typeof value === 'number') return [value + 1, 0, null].filter((other) => other !== value);
  if (typeof value === 'boolean') return [!value];
  // Another valid verdict, goal or action, or a similar text.
  const words = [
    'confirmed',
    'not-root',
    'opened',
    'exhume/case/1',
    'critical',
    `${String(value)}x`,
    '',
    null,
  ];
  return words.filter((other) => other !== value);
}

function lineEdits(): Edit[] {
  const lines = (JSON.parse(intact) as Case).log.map((_, index) => index);
  return [
    ...lines.map((at) => edited(`line ${at} is removed`, ({ log }) => log.splice(at, 1))),
    ...lines.map((at) => edited(`line ${at} is there twice`, ({ log }) => log.splice(at, 0, log[at]!))),
    ...lines.map((at) => edited(`line ${at} is repeated at the end`, ({ log }) => log.push(log[at]!))),
    ...lines.map((at) => edited(`cut off before line ${at}`, ({ log }) => log.splice(at))),
    ...lines.flatMap((a) =>
      lines
        .filter((b) => b > a)
        .map((b) =>
          edited(`lines ${a} and ${b} change places`, ({ log }) => {
            [log[a], log[b]] = [log[b]!, log[a]!];
          }),
        ),
    ),
  ];
}

/** Changes that an attacker without the key can make with correct line hashes. */
function rehashed(): Edit[] {
  const wrongKey = new Uint8Array(32);
  const rebuild = (what: string, edit: (written: Case) => void): Edit =>
    edited(what, (written) => {
      edit(written);
      const { log, seal: _, ...head } = written;
      const [first, ...rest] = log;
      let made = beginLog(head, image, { ...FACTS, ...first! }, wrongKey);
      for (const { did, at, imageId, operator, tool } of rest) {
        made = appendLine(made, did, { at, imageId, operator, tool }, wrongKey);
      }
      Object.assign(written, { log: made.log });
    });
  return [
    rebuild('a line is removed, all hashes are made anew', ({ log }) => log.splice(3, 1)),
    rebuild('the end is cut off, all hashes are made anew', ({ log }) => log.pop()),
    rebuild('a verdict is changed, all hashes are made anew', ({ log }) => {
      log[7]!.did = { action: 'decided', decision: { ...ROTATED, verdict: 'false-alarm' } };
    }),
    rebuild('the image is another, all hashes are made anew', (written) => {
      written.image.id = `sha256:${'0'.repeat(64)}`;
    }),
    rebuild('the goals are others, all hashes are made anew', (written) => (written.goals = ['not-root'])),
  ];
}

/** Yields texts in which one field occurs twice, since a reader may use either. */
function repeatedFields(): Edit[] {
  return [
    ['the goals are there twice', intact.replace('"goals":', '"goals": [],\n  "goals":')],
    ['a reason is there twice', intact.replace('"reason":', '"reason": "x",\n            "reason":')],
    ['a prototype is named', intact.replace('"goals":', '"__proto__": {},\n  "goals":')],
  ];
}

describe('a case that was tampered with', () => {
  it('fails verification and accepts no new line after any change, removal, repetition or move', async () => {
    const edits = [
      ...fieldEdits(JSON.parse(intact)),
      ...lineEdits(),
      ...rehashed(),
      ...repeatedFields(),
    ].filter(([, text]) => text !== intact);
    expect(edits.length).toBeGreaterThan(500);
    const missed: string[] = [];
    for (const [what, text] of edits) {
      await writeFile(held, text);
      const [checked, added] = [await verify(), await flag()];
      // Without a known version it is not a case at all.
      const expected = /^schema\b(?!.*case\/1)/.test(what) ? 3 : 1;
      if (checked.status !== expected || added.status !== 3 || (await readFile(held, 'utf8')) !== text) {
        missed.push(`${what}: verify ${checked.status}, flag ${added.status}`);
      }
    }
    expect(missed).toEqual([]);
    expect((await readdir(folder)).toSorted()).toEqual(['case.json', 'case.json.key', 'image.tar']);
  });

  it('stays broken after a command if its last lines were removed', async () => {
    await writeFile(held, edited('', ({ log }) => log.pop())[1]);
    const { status, stderr } = await flag();
    expect([status, stderr]).toEqual([
      3,
      expect.stringMatching(/the seal after line 10 is invalid: .*; nothing was written; restore an intact/),
    ]);
    expect((await verify()).stdout).toContain('the case is broken');
  });

  it.each<[string, string[]]>([
    ['flag', ['case', 'flag', 'CASE', '--env', 'A']],
    ['decide', ['case', 'decide', 'CASE', 'rotated', 'secret-a']],
    ['undo', ['case', 'undo', 'CASE']],
    ['rules', ['case', 'rules', 'CASE']],
    ['extract', ['extract', 'IMAGE', '/app/.env', '-o', 'OUT', '--case', 'CASE']],
  ])('is refused by %s, which names the line and writes nothing', async (_what, argv) => {
    const [, text] = edited('', ({ log }) => (log[2]!.operator = 'eve'));
    await writeFile(held, text);
    const names: Record<string, string> = { CASE: held, IMAGE: image, OUT: path.join(folder, 'out') };
    const { status, stderr, stdout } = await run(...argv.map((word) => names[word] ?? word));
    expect([status, stdout, stderr]).toEqual([3, '', expect.stringContaining('line 2 was changed')]);
    expect(await readFile(held, 'utf8')).toBe(text);
    expect(await readdir(folder)).not.toContain('out');
  });

  it('makes report and verify exit with 1 and name the line', async () => {
    const earlier = path.join(folder, 'earlier.json');
    expect((await run('report', image, '-o', earlier)).status).toBe(0);
    const [, text] = edited('', ({ log }) => (log[7]!.did = log[8]!.did));
    await writeFile(held, text);
    const target = path.join(folder, 'report.json');
    for (const argv of [
      ['report', image, '-o', target, '--case', held],
      ['verify', earlier, image, '--case', held],
    ]) {
      const { status, stderr, stdout } = await run(...argv);
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toContain('line 7 was changed');
    }
    expect(await readFile(held, 'utf8')).toBe(text);
    expect(await readdir(folder)).not.toContain('report.json');
    await rm(earlier);
  });

  it('is reported as broken, not as a case about another image, if its head was changed', async () => {
    await writeFile(held, edited('', (written) => (written.image.id = `sha256:${'0'.repeat(64)}`))[1]);
    const { status, stderr } = await run('report', image, '-o', '-', '--format', 'json', '--case', held);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('the head (image, goals, time of creation)'),
    ]);
  });

  it('is shown with a warning', async () => {
    await writeFile(held, edited('', ({ log }) => (log[2]!.operator = 'eve'))[1]);
    const { status, stderr } = await run('case', 'show', held);
    expect([status, stderr]).toEqual([0, expect.stringContaining('warning: ')]);
  });

  it('is intact if only its white space changed', async () => {
    await writeFile(held, JSON.stringify(JSON.parse(intact)));
    expect((await verify()).status).toBe(0);
    expect((await flag()).status).toBe(0);
  });
});

describe('a case of version 1', () => {
  const KEY = '07'.repeat(32);
  const id = `sha256:${'1a'.repeat(32)}`;
  const line = { tool: 'exhume 0.1.0', imageId: id, operator: 'ada' };
  /** A case with that key, as written by exhume before version 2. */
  const OLD: Case = {
    schema: 'exhume/case/1',
    created: '2026-11-20T10:00:00.000Z',
    image: {
      id,
      manifestDigest: null,
      names: ['exhume/case:1'],
      source: 'image.tar',
      diffIds: [`sha256:${'2b'.repeat(32)}`],
    },
    goals: ['no-secrets'],
    log: [
      {
        number: 0,
        at: '2026-11-20T10:00:00.000Z',
        ...line,
        did: { action: 'opened', source: 'image.tar' },
        hash: '0c5e63cbbe42f006c730f01d675b25e55de8d193406f74fc1ca1bb877c780cfa',
      },
      {
        number: 1,
        at: '2026-11-20T10:00:01.000Z',
        ...line,
        did: { action: 'decided', decision: ROTATED },
        hash: 'cc8b8fd728aa0420a3a8c67e9ba1095808d832041e8a2bb22348dc967f0477b5',
      },
      {
        number: 2,
        at: '2026-11-20T10:00:02.000Z',
        ...line,
        did: { action: 'viewed', path: '/app/notes', layer: 0 },
        hash: '37d58e262b822818038e5c6f5dc73ddb871a4364c030879a81210f0861603948',
      },
    ],
    seal: 'fc62f1bb08254b516518d21f619633a4b58a656908e59ef7b0d3a64543431b83',
  };

  beforeEach(async () => {
    held = path.join(folder, 'old.json');
    await writeFile(held, JSON.stringify(OLD));
    await writeFile(`${held}.key`, `${KEY}\n`);
  });

  const write = async (edit: (written: Case) => unknown): Promise<void> => {
    const written = await readHeld();
    edit(written);
    await writeFile(held, JSON.stringify(written));
  };

  it('is intact, with a note that the seal does not cover the head', async () => {
    const { status, stdout } = await verify();
    expect([status, stdout]).toEqual([0, expect.stringContaining('does not cover the head')]);
    const { stdout: json } = await run('case', 'verify', held, '--json');
    expect(JSON.parse(json)).toMatchObject({ format: 'exhume/case/1', head: 'uncovered', whole: true });
    expect((await run('case', 'show', held)).status).toBe(0);
  });

  it('is upgraded by the first new line; earlier lines keep their hashes', async () => {
    expect((await flag()).status).toBe(0);
    const { log, schema } = await readHeld();
    expect(schema).toBe('exhume/case/2');
    expect(log.slice(0, 3)).toEqual(OLD.log);
    expect(log.map(({ did }) => did.action)).toEqual(['opened', 'decided', 'viewed', 'upgraded', 'flagged']);
    expect((await verify()).stdout).toBe('5 lines\nthe case is intact\n');
    expect((await flag()).status).toBe(0);
    expect((await readHeld()).log.filter(({ did }) => did.action === 'upgraded').length).toBe(1);
  });

  it('is refused if its log was tampered with', async () => {
    for (const edit of [
      ({ log }: Case) => log.pop(),
      ({ log }: Case) => log.splice(1, 1),
      ({ log }: Case) => (log[1]!.at = ''),
      (written: Case) => (written.schema = 'exhume/case/2'),
    ]) {
      await writeFile(held, JSON.stringify(OLD));
      await write(edit);
      expect([(await verify()).status, (await flag()).status]).toEqual([1, 3]);
    }
  });

  it('cannot be faked by downgrading a newer case', async () => {
    await flag();
    const upgraded = await readHeld();
    for (const edit of [
      (written: Case) => (written.schema = 'exhume/case/1'),
      (written: Case) => Object.assign(written, { schema: 'exhume/case/1', log: written.log.slice(0, 3) }),
      (written: Case) => (written.goals = ['not-root']),
    ]) {
      await writeFile(held, JSON.stringify(upgraded));
      await write(edit);
      expect([(await verify()).status, (await flag()).status]).toEqual([1, 3]);
    }
    // This is detected even without the key, as long as a line remains that only version 2 writes.
    await rm(`${held}.key`);
    await writeFile(held, JSON.stringify({ ...upgraded, schema: 'exhume/case/1' }));
    expect((await verify()).status).toBe(1);
  });
});
