import { beforeAll, describe, expect, it } from 'vitest';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import type { Decision } from '../../src/finding/decision.ts';
import type { Effect } from '../../src/tui/effects.ts';
import { type HeldCase, NO_CASE, parseAcceptance, parseFlag } from '../../src/tui/held-case.ts';
import type { Model } from '../../src/tui/model.ts';
import { listTable } from '../../src/tui/selectors/list-table.ts';
import { findingOf } from './finding-of.ts';
import { after, afterKeys, pressKeys, imageOf, modelOf, type TestImage } from './stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([
    { by: 'COPY . /app', entries: [dir('app/'), file('app/.env', 'x'), file('app/key', 'y')] },
    { by: 'ENV A=1' },
    { by: 'RUN rm /app/key', entries: [dir('app/'), whiteout('app/key')] },
  ]);
});

const LIST = ['Token', 'Key', 'Root'].map((title) => findingOf(title, [{ layer: 0, path: '/app/.env' }]));
const found = (): Model => after(modelOf(image), { type: 'findings', list: LIST, search: 'done' });
const rows = (model: Model): string[] =>
  listTable(model, 'findings')!.rows.map(({ cells }) => `${cells[0]}${cells[3]}`);
const changes = (effects: readonly Effect[]): unknown[] =>
  effects.flatMap((effect) => (effect.type === 'case' ? [effect.change] : []));
const idOf = (path: string): number => image.stacked.ledger.paths.lookup(Buffer.from(path));

function decision(id: string, verdict: Decision['verdict'], reason: string | null = null): Decision {
  return { finding: id, verdict, reason, until: null, at: '2026-11-23T10:00:00Z', operator: 'ada' };
}

function holding(decisions: readonly Decision[], flagged: HeldCase['flagged'] = []): HeldCase {
  return { file: 'case.json', decisions: new Map(decisions.map((each) => [each.finding, each])), flagged };
}

describe('deciding in the Findings view', () => {
  it('applies to the selected finding', () => {
    const [, effects] = pressKeys(found(), '4 down c');
    expect(changes(effects)).toEqual([
      { kind: 'decide', findings: ['Key'], verdict: 'confirmed', reason: null, until: null },
    ]);
  });

  it('applies to all marked findings, if any', () => {
    const model = afterKeys(found(), '4 space down space');
    expect(rows(model)).toEqual(['* Token', '  Key', '* Root']);
    expect(listTable(model, 'findings')!.summary).toMatch(/^2 marked/);
    const [, effects] = pressKeys(model, 'r');
    expect(changes(effects)).toMatchObject([{ findings: ['Token', 'Root'], verdict: 'rotated' }]);
  });

  it('ignores marked findings that a filter hides', () => {
    const marked = { ...afterKeys(found(), '4 v'), held: holding([decision('Token', 'rotated')]) };
    const filtered = afterKeys(marked, 'd');
    expect(rows(filtered)).toEqual(['* Key', '* Root']);
    expect(listTable(filtered, 'findings')!.summary).toMatch(/^2 marked/);
    expect(changes(pressKeys(filtered, 'c')[1])).toMatchObject([{ findings: ['Key', 'Root'] }]);
  });

  it('marks or unmarks all listed findings', () => {
    expect(rows(afterKeys(found(), '4 v'))).toEqual(['* Token', '* Key', '* Root']);
    expect(rows(afterKeys(found(), '4 v v'))).toEqual(['  Token', '  Key', '  Root']);
  });

  it('accepts a finding with a reason and a date', () => {
    const asked = afterKeys(found(), '4 a');
    expect(afterKeys(asked, 'enter').overlays.at(-1)).toMatchObject({
      error: 'a reason is required',
    });
    const typed = after(asked, { type: 'text', text: 'a test server until 2027-01-31' });
    expect(changes(pressKeys(typed, 'enter')[1])).toEqual([
      {
        kind: 'decide',
        findings: ['Token'],
        verdict: 'accepted',
        reason: 'a test server',
        until: '2027-01-31T00:00:00.000Z',
      },
    ]);
  });

  it('records a false alarm with or without a reason', () => {
    expect(changes(pressKeys(found(), '4 f enter')[1])).toMatchObject([
      { verdict: 'false-alarm', reason: null },
    ]);
  });

  it('is shown as a letter and in words, and can be filtered', () => {
    const held = holding([decision('Key', 'accepted', 'a test server'), decision('Root', 'false-alarm')]);
    const marked = afterKeys(found(), '4 space');
    const model = after(marked, { type: 'case', held, text: 'decided' });
    expect(rows(model)).toEqual(['  Token', ' AKey', ' FRoot']);
    expect(model.message).toEqual({ kind: 'info', text: 'decided' });
    const table = listTable(model, 'findings')!;
    expect(table.rows.map(({ token }) => token).slice(1)).toEqual(['dim', 'dim']);
    expect(table.rows[1]!.detail[0]).toBe(
      'decision: accepted, 2026-11-23T10:00:00Z, by ada, reason: a test server',
    );
    const open = afterKeys(model, 'd');
    expect(rows(open)).toEqual(['  Token']);
    expect(listTable(open, 'findings')!.summary).toContain('undecided only');
  });

  it('is undone by a key in any view', () => {
    expect(changes(pressKeys(found(), 'u')[1])).toEqual([{ kind: 'undo', findings: expect.any(Array) }]);
  });
});

describe('extracting findings', () => {
  it('extracts every version of every file with the finding, each once', () => {
    const places = (model: Model, keys: string): unknown =>
      pressKeys(model, keys)[1].flatMap((effect) => (effect.type === 'ask-extract' ? effect.places : []));
    const list = [
      findingOf('Token', [
        { layer: 0, path: '/app/.env' },
        { layer: 0, path: '/app/key' },
      ]),
      findingOf('Key', [{ layer: 0, path: '/app/key' }]),
      findingOf('Gone', [{ layer: 0, path: '/in/no/layer' }]),
    ];
    const model = after(modelOf(image), { type: 'findings', list, search: 'done' });
    const [env, key] = [idOf('/app/.env'), idOf('/app/key')];
    expect(places(model, '4 e')).toEqual([
      { path: env, layer: 0 },
      { path: key, layer: 0 },
    ]);
    expect(places(model, '4 v e')).toHaveLength(2);
    expect(places(model, '4 end e')).toEqual([]);
    expect(afterKeys(model, '4 end e').message?.text).toContain('not in a file');
  });

  it('keeps false alarms as exceptions, if there are any', () => {
    expect(afterKeys(found(), '4 K').overlays).toEqual([]);
    const model = { ...found(), held: holding([decision('Key', 'false-alarm')]) };
    const [, effects] = pressKeys(model, '4 K enter');
    expect(effects).toEqual([{ type: 'keep-rules', file: 'exhume.yaml', findings: LIST }]);
  });
});

describe('a flag', () => {
  const NOWHERE = { layer: null, path: null, key: null, historyIndex: null, start: null, end: null };

  it('marks the selected file version in the tree', () => {
    const model = after(found(), { type: 'goto', path: idOf('/app/key'), layer: 0 });
    const [next, effects] = pressKeys(model, '! enter');
    expect(changes(effects)).toEqual([
      {
        kind: 'flag',
        place: { ...NOWHERE, surface: 'file', path: '/app/key', layer: 0 },
        title: 'Secret',
        severity: 'high',
        note: null,
      },
    ]);
    expect(next.overlays).toEqual([]);
  });

  it('marks a history entry with a kind, a severity and a note', () => {
    const asked = afterKeys(found(), '5 down ! ctrl-u');
    const typed = after(asked, { type: 'text', text: 'API key, critical, seen in the log, twice' });
    expect(changes(pressKeys(typed, 'enter')[1])).toMatchObject([
      {
        place: { ...NOWHERE, surface: 'history', historyIndex: 1 },
        title: 'API key',
        severity: 'critical',
        note: 'seen in the log, twice',
      },
    ]);
  });

  it('takes a byte range for files only', () => {
    const model = after(found(), { type: 'goto', path: idOf('/app/.env'), layer: 0 });
    const typed = after(afterKeys(model, '! ctrl-u'), { type: 'text', text: 'Key @10-20' });
    expect(changes(pressKeys(typed, 'enter')[1])).toMatchObject([{ place: { start: 10, end: 20 } }]);
    const entry = after(afterKeys(found(), '5 ! ctrl-u'), { type: 'text', text: 'Key @10-20' });
    expect(afterKeys(entry, 'enter').overlays.at(-1)).toMatchObject({
      error: 'a byte range needs a file',
    });
  });

  it('is listed and counted while the scan runs', () => {
    const flag = findingOf('By hand', [{ layer: 0, path: '/app/key' }], { severity: 'critical' });
    const model = after(found(), { type: 'case', held: holding([], [flag]), text: '' });
    expect(rows(model)).toContain('  By hand');
    expect(model.counts.findings).toBe(4);
    const more = after(model, { type: 'findings', list: LIST.slice(1), search: 'done' });
    expect(rows(more)).toContain('  By hand');
    expect(more.counts.findings).toBe(3);
    expect(rows(after(more, { type: 'case', held: NO_CASE, text: '' }))).toEqual(['  Key', '  Root']);
  });
});

it('asks for the report file once the scan has finished', () => {
  expect(pressKeys(found(), 'X enter')[1]).toEqual([{ type: 'export', file: 'exhume-report.html' }]);
  expect(afterKeys(modelOf(image), 'X').overlays).toEqual([]);
});

it.each([
  ['', 'a reason is required'],
  ['until 2027-01-31', 'a reason is required'],
  ['known until spring', 'write the date as 2027-01-31'],
])('%j accepts nothing', (text, error) => {
  expect(parseAcceptance(text)).toEqual({ error });
});

it.each([
  ['', { error: 'a kind is required, as in: API key / high / seen in the log' }],
  ['Key, bad', { error: 'severity is one of critical, high, medium, low, info' }],
  ['Key @9-9', { error: 'write the byte range as @FROM-TO, with FROM below TO' }],
  ['Key', { title: 'Key', severity: 'high', note: null, range: null }],
  ['Key / low / in a/b, not in c', { title: 'Key', severity: 'low', note: 'in a/b, not in c', range: null }],
  ['API key / ', { title: 'API key', severity: 'high', note: null, range: null }],
  ['Key, , why', { title: 'Key', severity: 'high', note: 'why', range: null }],
])('%j flags as %j', (text, expected) => {
  expect(parseFlag(text)).toEqual(expected);
});
