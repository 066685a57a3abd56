import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file } from '../../fixtures/tar.ts';
import { memorySource } from '../../src/bytes/source.ts';
import { chooseImage } from '../../src/image/choose.ts';
import type { Image } from '../../src/image/image.ts';
import { openSource } from '../../src/image/open.ts';
import { LayerPool } from '../../src/layer/pool.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { stackImage } from '../../src/ledger/stack.ts';

const LAYERS = 40;

/** A clock that counts work: 1 for each step shown, `stackingTakes` for each time the layers are stacked. */
let time = 0;
let stackingTakes = 0;
let stackings = 0;

vi.mock('../../src/ledger/build.ts', async (original) => {
  const { buildLedger } = await original<{ buildLedger: (...given: unknown[]) => unknown }>();
  return {
    buildLedger: (...given: unknown[]) => {
      stackings++;
      time += stackingTakes;
      return buildLedger(...given);
    },
  };
});

beforeEach(() => {
  stackings = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => time);
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function imageOfManyLayers(): Promise<Image> {
  const steps = Array.from({ length: LAYERS }, (_, i) => ({
    createdBy: `COPY ${i} /`,
    entries: [file(`file-${i}`, 'x'), file('again', `${i % 10}`)],
  }));
  const bytes = await dockerArchive([await buildImage({ names: ['many:1'], steps })], { form: 'legacy' });
  const archive = await openSource(memorySource('many', bytes), bytes.length, 'many');
  return chooseImage(archive).open();
}

/** Stacks an image while its progress is watched; returns each ledger that was shown. */
async function watched(image: Image): Promise<Ledger[]> {
  const shown: Ledger[] = [];
  await stackImage(image, {
    pool: new LayerPool(0),
    verify: 'never',
    step: ({ ledger }) => {
      time++;
      if (shown.at(-1) !== ledger) shown.push(ledger);
    },
  });
  return shown;
}

describe('an image that is shown while its layers are read', () => {
  it('restacks the layers after each layer if that costs nothing', async () => {
    stackingTakes = 0;
    await watched(await imageOfManyLayers());
    expect(stackings).toBeGreaterThanOrEqual(LAYERS);
  });

  it('restacks the layers less often if that is expensive, and shows all of them at the end', async () => {
    const image = await imageOfManyLayers();
    stackingTakes = 5;
    const shown = await watched(image);
    expect(stackings).toBeGreaterThan(3);
    expect(stackings).toBeLessThan(LAYERS / 2);
    const whole = await stackImage(image, { pool: new LayerPool(0), verify: 'never' });
    expect(shown.at(-1)!.columns).toEqual(whole.ledger.columns);
    expect(shown.at(-1)!.unverified).toEqual([]);
  });
});
