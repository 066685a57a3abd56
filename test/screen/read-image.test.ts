import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Feed } from '../../components/feed.ts';
import { githubToken } from '../../fixtures/canary.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { dir, file } from '../../fixtures/tar.ts';
import { memorySource } from '../../src/bytes/source.ts';
import type { ImageArchive } from '../../src/image/image.ts';
import { openSource } from '../../src/image/open.ts';
import { EarlyScans } from '../../src/layer/early-scans.ts';
import type { LayerPool } from '../../src/layer/pool.ts';
import { incompleteOf } from '../../src/ledger/incomplete.ts';
import type { StackedImage } from '../../src/ledger/stacked-image.ts';
import { readImage } from '../../src/screen/read-image.ts';
import { ScreenCase } from '../../src/screen/screen-case.ts';
import { readConfigured } from '../../src/session/read-config.ts';
import { describeImage } from '../../src/session/session.ts';
import type { SessionOptions } from '../../src/session/session-options.ts';
import type { Action } from '../../src/tui/actions.ts';

let folder = '';
let archive: ImageArchive;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'exhume-read-image-'));
  const entries = [dir('app/'), file('app/.env', `T=${githubToken('screen')}\n`)];
  const built = await buildImage({ steps: [{ createdBy: 'COPY . /app', entries }] });
  const bytes = await dockerArchive([built], { form: 'podman' });
  archive = await openSource(memorySource('image.tar', bytes), bytes.length, 'image.tar');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads an image for the screen to its end; gives what the screen was fed. */
async function readToEnd(
  from: ImageArchive,
  options: SessionOptions = {},
): Promise<{ readonly fed: readonly Action[]; readonly stacked: StackedImage }> {
  const image = from.choices[0]!.open();
  const configured = await readConfigured(undefined, {});
  const unread = await describeImage(from, image, configured, options, {});
  const { masker } = configured;
  const held = new ScreenCase(path.join(folder, 'case.json'), false, image, undefined, {}, masker);
  const open: { stacked: StackedImage | null; pool: LayerPool | null } = { stacked: null, pool: null };
  const early = new EarlyScans({ digests: options.verify !== false });
  const named = { archive: from, choice: 0, image, early, name: 'image.tar', configured };
  const fed: Action[] = [];
  let close = (): void => {};
  await new Promise<void>((resolve, reject) => {
    const feed: Feed = {
      stacked: () => {},
      failed: (message) => reject(new Error(message)),
      dispatch(action) {
        fed.push(action);
        if (action.type === 'findings' && action.search !== 'running') resolve();
      },
    };
    close = readImage(feed, {
      unread,
      shown: { ...named, options, retest: null },
      held,
      sources: () => ({ ...unread, ledger: open.stacked!.ledger }),
      open,
      signal: new AbortController().signal,
    });
  });
  close();
  return { fed, stacked: open.stacked! };
}

it('reads the layers, then feeds the screen with the case and the findings', async () => {
  const { fed } = await readToEnd(archive);
  expect(fed[0]).toMatchObject({ type: 'case' });
  const last = fed.at(-1);
  if (last?.type !== 'findings') throw new Error('there are no findings');
  expect(last.search).toBe('done');
  expect(last.list.map(({ where }) => where.path)).toContain('/app/.env');
});

it('does not scan with --no-verify', async () => {
  const { fed } = await readToEnd(archive, { verify: false });
  expect(fed.at(-1)).toEqual({ type: 'findings', list: [], search: 'off' });
});

it('counts an image as incomplete if its archive has lost members, as commands do', async () => {
  const whole = await readToEnd(archive);
  expect(incompleteOf(whole.stacked)).toEqual([]);
  const warning = { code: 'corrupt', message: 'damaged header', offset: 512 } as const;
  const damaged = Object.assign(Object.create(archive) as ImageArchive, { warnings: [warning] });
  const { stacked } = await readToEnd(damaged);
  expect(incompleteOf(stacked)).toMatchObject([{ what: 'blob', offset: 512, reason: 'damaged header' }]);
});
