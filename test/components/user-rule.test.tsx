import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { renderToString } from 'ink';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Screen } from '../../components/Screen.tsx';
import { spoken } from '../../components/spoken.ts';
import { findAll } from '../../src/session/find-all.ts';
import { loadPreview } from '../../src/screen/load-preview.ts';
import { alignHistory } from '../../src/history/align.ts';
import { findBase, originsOf } from '../../src/history/base.ts';
import { Masker } from '../../src/secrets/mask/masker.ts';
import { parseUserConfig } from '../../src/secrets/user-config.ts';
import type { Model } from '../../src/tui/model.ts';
import { VIEWS } from '../../src/tui/views.ts';
import { ACME_CONFIG, ACME_VALUE, writeAcme } from '../acme-image.ts';
import { stackedImage } from '../stacked.ts';
import { after, afterKeys, modelOf, type TestImage } from '../tui/stacked-of.ts';

const config = parseUserConfig(ACME_CONFIG, 'exhume.yaml');
const masker = new Masker(config.rules);
const SIZES = [
  [80, 24],
  [200, 60],
] as const;

let folder = '';
let image: TestImage;
let build: { base: ReturnType<typeof findBase>; provenance: null };
let findings: Awaited<ReturnType<typeof findAll>>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-user-rule-'));
  const stacked = await stackedImage((await writeAcme(folder)).image);
  const { annotations, config: ofImage, layers } = stacked.image;
  const history = alignHistory(ofImage.history, layers.length);
  image = { stacked, history };
  build = { base: findBase({ annotations, config: ofImage, history, provenance: null }), provenance: null };
  const origins = originsOf(build.base, layers.length);
  const session = { stacked, history, origins, ...build, config, masker, options: {}, listener: {} };
  findings = await findAll(session);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function drawn(model: Model): string {
  return stripVTControlCharacters(renderToString(<Screen model={model} />, { columns: model.size.columns }));
}

/** What the screen draws and says in every view, with the cursor on each of the first rows. */
function allOf(start: Model): string {
  const seen: string[] = [];
  for (let view = 1; view <= VIEWS.length; view++) {
    let model = afterKeys(start, String(view));
    for (const key of ['', 'j', 'j', 'j', 'j', 'j', 'j', 'j', 'j', 'G', 'k', 'tab', 'j', 'j', 'tab', 'j']) {
      const next = key === '' ? model : afterKeys(model, key);
      seen.push(drawn(next), ...spoken(key === '' ? null : model, next));
      model = next;
    }
  }
  return seen.join('\n');
}

describe('what a user rule matches', () => {
  it.each(SIZES)('is nowhere on the screen, drawn or spoken, at %i by %i', (columns, rows) => {
    const start = modelOf(image, { size: { columns, rows }, build, masker });
    expect(allOf(start)).not.toMatch(ACME_VALUE);
    const searched = after(start, { type: 'findings', list: findings, search: 'done' });
    const text = allOf(searched);
    expect(text).not.toMatch(ACME_VALUE);
    expect(text).toContain('Acme internal token');
  });

  it('is not masked by a screen without the rule', () => {
    const size = { columns: 200, rows: 60 };
    expect(allOf(modelOf(image, { size, build, masker }))).not.toMatch(ACME_VALUE);
    expect(allOf(modelOf(image, { size, build }))).toMatch(ACME_VALUE);
    expect(allOf(modelOf(image, { size, build, masker }))).not.toMatch(ACME_VALUE);
  });

  it.each(['/app/conf', '/app/a.tar'])('is masked in the preview of %s', async (name) => {
    const { ledger } = image.stacked;
    const id = ledger.paths.lookup(Buffer.from(name));
    const event = ledger.lastEvent(id);
    const content = { path: id, layer: ledger.layerOf(event), entry: ledger.entryOf(event) };
    const base = { content, offset: 0, firstLine: 1, before: null, at: null, reveal: null, known: [] };
    for (const mode of ['auto', 'text', 'hex', 'diff'] as const) {
      const preview = await loadPreview(image.stacked, { ...base, mode }, masker);
      expect(JSON.stringify(preview)).not.toMatch(ACME_VALUE);
    }
  });
});
