import { beforeAll, describe, expect, it } from 'vitest';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import type { Finding, Severity } from '../../src/finding/finding.ts';
import type { FindingState } from '../../src/finding/state.ts';
import { listTable, selectedRow } from '../../src/tui/selectors/list-table.ts';
import { selectedLayer } from '../../src/tui/selectors/layer-rows.ts';
import { tabSpans } from '../../src/tui/selectors/tabs.ts';
import type { Model } from '../../src/tui/model.ts';
import { findingOf } from './finding-of.ts';
import { after, afterKeys, imageOf, modelOf, type TestImage } from './stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf(
    [
      { by: 'COPY . /app', entries: [dir('app/'), file('app/.env', 'x'), file('app/key', 'y')] },
      { by: 'RUN rm /app/key', entries: [dir('app/'), whiteout('app/key')] },
    ],
    'findings:1',
  );
});

function finding(
  title: string,
  severity: Severity,
  state: FindingState,
  path: string,
  more: Partial<Finding> = {},
): Finding {
  const place = {
    surface: 'file',
    layer: 0,
    path,
    line: 3,
    offset: 0,
    key: null,
    historyIndex: null,
  } as const;
  const where = { ...place, inside: [] };
  const facts = { origin: 'application', introducedBy: 'COPY . /app', removedBy: null } as const;
  return {
    id: title,
    kind: 'secret',
    rule: 'a-rule',
    title,
    severity,
    confidence: 'high',
    reason: 'checksum valid',
    suppressed: null,
    where,
    occurrences: [{ where, state, ...facts, removedIn: null }],
    state,
    ...facts,
    redacted: '********(40)',
    fingerprint: 'f',
    valueLength: 40,
    details: {},
    remediation: ['Revoke it.'],
    references: [],
    ...more,
  };
}

const LIST = [
  finding('Token', 'critical', 'live', '/app/.env'),
  finding('Key', 'high', 'deleted', '/app/key'),
  finding('Root', 'medium', 'live', '/app/.env', { kind: 'posture', redacted: null }),
  finding('Example', 'high', 'live', '/app/.env', { suppressed: 'known example' }),
];

const found = (list = LIST): Model => after(modelOf(image), { type: 'findings', list, search: 'done' });
const titles = (model: Model): (string | undefined)[] =>
  listTable(model, 'findings')!.rows.map(({ cells }) => cells[3]);

describe('the Findings view', () => {
  it('lists reported findings and counts them in the tab', () => {
    const model = found();
    expect(titles(model)).toEqual(['Token', 'Key', 'Root']);
    expect(tabSpans(model).find(({ id }) => id === 'findings')!.text).toContain('Findings 3');
  });

  it.each([
    ['4 s', ['Token']],
    ['4 s s', ['Token', 'Key']],
    ['4 t t t', ['Key']],
    ['4 i', ['Token', 'Key']],
    ['4 i i', ['Root']],
    ['4 o', ['Token', 'Key', 'Root']],
    ['4 o o', []],
    ['4 x', ['Token', 'Key', 'Root', 'Example']],
    ['4 x x', ['Token', 'Key', 'Root']],
  ])('after the keys %s shows %j', (keys, expected) => {
    expect(titles(afterKeys(found(), keys))).toEqual(expected);
  });

  it('describes the filter and why a finding was suppressed', () => {
    const model = afterKeys(found(), '4 x t end');
    expect(listTable(model, 'findings')!.summary).toMatch(/^3 shown: live, suppressed too {2}\|/);
    expect(selectedRow(model)!.detail[0]).toBe('suppressed: known example');
  });

  it('goes to the file in the layer that introduced it', () => {
    const model = afterKeys(found(), '4 down enter');
    expect([model.view, selectedLayer(model), model.focus]).toEqual(['layers', 0, 'tree']);
    expect(Buffer.from(model.stacked!.ledger.paths.path(model.tree.cursor)).toString()).toBe('/app/key');
  });

  it('keeps the selected finding when others arrive above it', () => {
    const model = afterKeys(found(LIST.slice(1)), '4');
    const more = after(model, { type: 'findings', list: LIST, search: 'running' });
    expect(selectedRow(more)!.cells[3]).toBe('Key');
    expect(listTable(more, 'findings')!.summary).toContain('scanning; so far 3 findings');
  });

  it('clears the filters on the first Esc and leaves the view on the second', () => {
    const model = afterKeys(found(), '4');
    const narrow = afterKeys(model, 's i');
    expect(listTable(narrow, 'findings')!.summary).toMatch(/^1 shown: critical only, secret only/);
    const none = afterKeys(model, 's t t t');
    expect(listTable(none, 'findings')!.summary).toMatch(/^no match: critical only, deleted; esc lists all/);
    const wide = afterKeys(model, 't j esc');
    expect([wide.view, wide.message?.text]).toEqual(['findings', 'filters cleared: all findings shown']);
    expect(titles(wide)).toEqual(['Token', 'Key', 'Root']);
    expect(selectedRow(wide)!.cells[3]).toBe('Root');
    expect(afterKeys(wide, 'esc').view).toBe('layers');
  });

  it('shortens digests in the list and shows them in full in the details', () => {
    const digest = 'ad0a279e58729fea'.repeat(4);
    const place = { surface: 'attestation', layer: null, path: `sha256:${digest}`, line: 1 } as const;
    const where = { ...place, offset: 0, key: null, historyIndex: null, inside: [] };
    const list = [findingOf('token', [where])];
    const model = after(modelOf(image), { type: 'findings', list, search: 'done' });
    const row = listTable(model, 'findings')!.rows[0]!;
    expect(row.cells).toContain('attestation sha256:ad0a279e5872:1');
    expect(row.detail).toContain(`full path: attestation sha256:${digest}:1`);
  });

  it('says that nothing was scanned with --no-verify', () => {
    const model = after(modelOf(image), { type: 'findings', list: [], search: 'off' });
    expect(listTable(model, 'findings')!.summary).toContain('--no-verify');
    expect(listTable(modelOf(image), 'findings')!.summary).toContain('starts when all layers have been read');
  });

  it('shows hostile texts escaped', () => {
    const model = found([finding('Bad\u202e\u001b[2J', 'high', 'live', '/a\nb')]);
    const [row] = listTable(model, 'findings')!.rows;
    expect(row!.cells.join()).not.toMatch(/[\u202e\u001b\n]/);
  });
});
