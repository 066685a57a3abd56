import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { demoArchive } from '../../fixtures/demo.ts';
import { readFiles } from '../../src/ledger/read-files.ts';
import { pathText } from '../ledger-of.ts';
import { stackedImage } from '../stacked.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'exhume-read-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('reads every generation of every file of an image, each layer once', async () => {
  const file = path.join(folder, 'demo.tar');
  writeFileSync(file, (await demoArchive()).bytes);
  const stacked = await stackedImage(file);
  const { ledger } = stacked;
  const events = Array.from({ length: ledger.eventCount }, (_, event) => event);

  const all = await readFiles(stacked, events.toReversed(), { largest: 1 << 20 });
  const some = await readFiles(stacked, events, { largest: 100 });

  const sizes = [...all].map(([event, content]) => {
    const place = ledger.placeOf(event);
    return [content.length, ledger.layers[place.layer]!.columns.size[place.entry]!];
  });
  expect(sizes.length).toBeGreaterThan(5);
  for (const [read, told] of sizes) expect(read).toBe(told);
  expect([...some.values()].every((content) => content.length <= 100)).toBe(true);
  expect(some.size).toBeLessThan(all.size);
  const names = [...all.keys()].map((event) => pathText(ledger, ledger.pathOf(event)));
  expect(names.some((name) => /\.(env|npmrc)$|id_/.test(name))).toBe(true);
});
