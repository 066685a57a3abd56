import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderToString } from 'ink';
import { beforeAll, describe, expect, it } from 'vitest';
import { Screen } from '../../components/Screen.tsx';
import { demoArchive } from '../../fixtures/demo.ts';
import { memorySource } from '../../src/bytes/source.ts';
import { findAll } from '../../src/session/find-all.ts';
import { alignHistory } from '../../src/history/align.ts';
import { chooseImage } from '../../src/image/choose.ts';
import { openSource } from '../../src/image/open.ts';
import { LayerPool } from '../../src/layer/pool.ts';
import { stackImage } from '../../src/ledger/stack.ts';
import { assumedBackground, themes } from '../../src/text/theme.ts';
import { keyAction } from '../../src/tui/key-actions.ts';
import { type Model, startModel } from '../../src/tui/model.ts';
import { update } from '../../src/tui/update.ts';
import { Masker } from '../../src/secrets/mask/masker.ts';
import { ansiToSvg } from './ansi-to-svg.ts';

const size = { columns: 120, rows: 34 };
const folder = path.join(import.meta.dirname, '../../docs/pictures');
/** `EXHUME_PICTURES=update npx vitest run test/pictures` draws them anew. */
const isUpdate = process.env['EXHUME_PICTURES'] === 'update';

let start: Model;

beforeAll(async () => {
  const demo = await demoArchive();
  const archive = await openSource(memorySource(demo.name, demo.bytes), demo.bytes.length, demo.name);
  const image = chooseImage(archive, { platform: 'linux/amd64' }).open();
  const stacked = await stackImage(image, { pool: new LayerPool(0), verify: 'now' });
  const history = alignHistory(image.config.history, image.layers.length);
  const look = { theme: 'dark', level: 3, unicode: true } as const;
  const [opened] = update(startModel({ source: demo.name, masker: new Masker([]), size, look }), {
    type: 'stacked',
    stacked,
    history,
  });
  const facts = { origins: image.layers.map(() => 'unknown' as const), base: [], provenance: null };
  const configured = { config: { rules: [], allow: [] }, masker: new Masker([]) };
  const list = await findAll({
    stacked,
    history,
    ...facts,
    archive,
    ...configured,
    options: {},
    listener: {},
  });
  [start] = update(opened, { type: 'findings', list, search: 'done' });
});

function press(...keys: string[]): Model {
  return keys.reduce((model, key) => {
    const action = keyAction(model, key);
    return action === null ? model : update(model, action)[0];
  }, start);
}

/** Which keys lead to what a picture shows. */
const PICTURES: readonly (readonly [name: string, ...keys: string[]])[] = [
  ['layers', ...Array.from({ length: 11 }, () => ']'), 'enter', 'end'],
  ['tree', ...Array.from({ length: 7 }, () => ']'), 'a', 'enter', 'end'],
  ['deleted', '2', 'down', 'down', 'down', 'down'],
  ['setuid', '3', 'end'],
  // Of the posture one finding tells the age of the image, which is another one every day.
  ['findings', '4', 'i', 'down', 'down', 'down', 'down'],
  ['history', '5', 'end'],
  ['config', '6', 'down', 'down'],
  ['help', '?'],
];

describe('the pictures of the README and the docs', () => {
  it.each(PICTURES)('%s', (name, ...keys) => {
    const screen = renderToString(<Screen model={press(...keys)} />, { columns: size.columns });
    const svg = ansiToSvg(screen, size, { fg: themes.dark.text.fg ?? '#d0d0d0', bg: assumedBackground.dark });
    const file = path.join(folder, `${name}.svg`);
    if (isUpdate) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, svg);
    }
    expect(svg).toBe(readFileSync(file, 'utf8'));
  });
});
