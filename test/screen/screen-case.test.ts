import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { githubToken } from '../../fixtures/canary.ts';
import { dir, file } from '../../fixtures/tar.ts';
import { changeCase, readCase, readKey } from '../../src/case/case-file.ts';
import { checkChain } from '../../src/case/chain.ts';
import type { FlagSources } from '../../src/case/flag-findings.ts';
import { ScreenCase } from '../../src/screen/screen-case.ts';
import { Masker } from '../../src/secrets/mask/masker.ts';
import { findingOf } from '../tui/finding-of.ts';
import { imageOf, type TestImage } from '../tui/stacked-of.ts';

const MASKER = new Masker([]);
const decide = (...findings: string[]) =>
  ({ kind: 'decide', findings, verdict: 'rotated', reason: null, until: null }) as const;

let folder = '';
let place = '';
let image: TestImage;
let sources: FlagSources;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'screen-case-test-'));
  place = path.join(folder, 'state/cases/image.json');
  image = await imageOf([{ by: 'COPY . /app', entries: [dir('app/'), file('app/.env', 'x')] }]);
  sources = {
    ledger: image.stacked.ledger,
    history: image.history,
    origins: ['application'],
    masker: MASKER,
  };
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function screenCase(named: boolean, at = place): ScreenCase {
  return new ScreenCase(at, named, image.stacked.image, 'ada', {}, MASKER);
}

const actions = (): string[] => readCase(place).log.map(({ did }) => did.action);

describe('the case of the shown image', () => {
  it('is not created by viewing', () => {
    const held = screenCase(false);
    held.log({ action: 'viewed', path: '/app/.env', layer: 0 });
    expect(held.view(sources).file).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is created with the first decision, in a private directory', () => {
    const held = screenCase(false);
    expect(held.change(decide('secret-1'))).toBe('decided: rotated; u undoes it');
    expect(statSync(path.dirname(place)).mode & 0o777).toBe(0o700);
    expect(actions()).toEqual(['opened', 'decided']);
    expect(held.view(sources).decisions.get('secret-1')).toMatchObject({
      verdict: 'rotated',
      operator: 'ada',
    });
  });

  it('is created at once if named, and logs views', () => {
    place = path.join(folder, 'case.json');
    const held = screenCase(true);
    held.log({ action: 'viewed', path: '/app/.env', layer: 0 });
    expect(actions()).toEqual(['opened', 'viewed']);
    expect(screenCase(true).view(sources).file).toBe(place);
    expect(actions()).toEqual(['opened', 'viewed', 'opened']);
    expect(checkChain(readCase(place), readKey(place))).toEqual({ broken: [], head: 'intact', sealed: true });
  });

  it('turns flags into findings', () => {
    const held = screenCase(false);
    const nowhere = { key: null, historyIndex: null, start: null, end: null };
    const at = { ...nowhere, surface: 'file', path: '/app/.env', layer: 0 } as const;
    const change = { kind: 'flag', place: at, title: 'Key', severity: 'high', note: 'by hand' } as const;
    expect(held.change(change)).toBe('flagged: Key, high; u undoes it');
    expect(held.view(sources).flagged).toMatchObject([
      { title: 'Key', state: 'live', origin: 'application', introducedBy: 'COPY . /app' },
    ]);
    expect(held.change({ kind: 'undo', findings: [] })).toMatch(/^undone: flag /);
    expect(held.view(sources).flagged).toEqual([]);
  });

  it('masks a credential pasted into a note, a kind or a reason', () => {
    const held = screenCase(false);
    const token = githubToken('pasted-note');
    const nowhere = { key: null, historyIndex: null, start: null, end: null };
    const at = { ...nowhere, surface: 'file', path: '/app/.env', layer: 0 } as const;
    const flag = { kind: 'flag', place: at, title: token, severity: 'high', note: `was ${token}` } as const;
    expect(held.change(flag)).not.toContain(token);
    held.change({ ...decide('secret-1'), reason: `${token} is a sample` });
    const kept = readFileSync(place, 'utf8');
    expect(kept).not.toContain(token);
    expect(kept).toContain(`was ********(${token.length})`);
    expect(kept).toContain(`********(${token.length}) is a sample`);
    expect(checkChain(readCase(place), readKey(place))).toEqual({ broken: [], head: 'intact', sealed: true });
  });

  it('undoes together what was decided together, even within one millisecond', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const held = screenCase(false);
    held.change(decide('a'));
    expect(held.change(decide('b', 'c'))).toBe('2 findings decided: rotated; u undoes it');
    expect(held.change({ kind: 'undo', findings: [] })).toBe('undone: 2 decisions');
    expect([...held.view(sources).decisions.keys()]).toEqual(['a']);
    expect(held.change({ kind: 'undo', findings: [] })).toMatch(/^undone: /);
    expect(held.change({ kind: 'undo', findings: [] })).toBe('no flag or decision to undo');
  });

  it('names the decision or the flag that it undoes', () => {
    const held = screenCase(false);
    const finding = findingOf('GitHub token', [{ path: '/app/.git/config', layer: 0, line: 4 }]);
    held.change({ ...decide(finding.id), verdict: 'false-alarm' });
    expect(held.change({ kind: 'undo', findings: [finding] })).toBe(
      'undone: false alarm on GitHub token, /app/.git/config:4',
    );
    const nowhere = { key: null, historyIndex: null, start: null, end: null };
    const at = { ...nowhere, surface: 'file', path: '/app/.env', layer: 0 } as const;
    held.change({ kind: 'flag', place: at, title: 'Key', severity: 'high', note: null });
    expect(held.change({ kind: 'undo', findings: [finding] })).toBe('undone: flag Key, /app/.env');
  });

  it('reads lines that another program added', () => {
    const held = screenCase(false);
    held.change(decide('a'));
    const facts = { at: '2026-11-23T10:00:00Z', tool: 'exhume', operator: null };
    const decision = { finding: 'b', verdict: 'confirmed', reason: null, until: null } as const;
    changeCase(place, facts, () => ({ action: 'decided', decision }), MASKER);
    held.change(decide('c'));
    expect([...held.view(sources).decisions.keys()]).toEqual(['a', 'b', 'c']);
  });

  it('is refused after tampering, open or reopened', () => {
    const held = screenCase(false);
    held.change(decide('a'));
    const written = JSON.parse(readFileSync(place, 'utf8')) as { log: unknown[] };
    written.log.pop();
    const text = JSON.stringify(written);
    writeFileSync(place, text);
    const broken = 'the seal after line 0 is invalid';
    expect(() => held.change(decide('b'))).toThrow(broken);
    expect(() => held.change({ kind: 'undo', findings: [] })).toThrow(broken);
    expect(() => held.log({ action: 'viewed', path: '/app/.env', layer: 0 })).toThrow(broken);
    expect(() => held.read()).toThrow(broken);
    expect(() => screenCase(false)).toThrow(broken);
    expect(readFileSync(place, 'utf8')).toBe(text);
    expect(existsSync(`${place}.lock`)).toBe(false);
  });

  it('is refused if it is about another image', () => {
    screenCase(false).change(decide('a'));
    const other = { ...image.stacked.image, id: `sha256:${'0'.repeat(64)}` as never };
    expect(() => new ScreenCase(place, false, other, undefined, {}, MASKER)).toThrow(
      'is a case about sha256:abab',
    );
    expect(existsSync(`${place}.lock`)).toBe(false);
  });
});
