import { type FixtureEntry, packTar } from '../../fixtures/tar.ts';
import { alignHistory, type HistoryAlignment } from '../../src/history/align.ts';
import { parseConfig } from '../../src/image/config.ts';
import type { Image } from '../../src/image/image.ts';
import { UnreadParts } from '../../src/ledger/unread-parts.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { StackedImage } from '../../src/ledger/stacked-image.ts';
import type { Action } from '../../src/tui/actions.ts';
import type { Effect } from '../../src/tui/effects.ts';
import { keyAction } from '../../src/tui/key-actions.ts';
import { type Model, type StartOptions, startModel } from '../../src/tui/model.ts';
import { update } from '../../src/tui/update.ts';
import { Masker } from '../../src/secrets/mask/masker.ts';
import { extentOf, ledgerOfTars } from '../ledger-of.ts';

/** A layer for a test: what made it, and its entries; without entries an instruction that made none. */
export interface TestLayer {
  readonly by: string;
  readonly entries?: readonly FixtureEntry[];
}

export interface TestImage {
  readonly stacked: StackedImage;
  readonly history: HistoryAlignment;
}

/** An image, read to its end, of layers given as entries. */
export async function imageOf(layers: readonly TestLayer[], name = 'test/image:1'): Promise<TestImage> {
  const tars = await Promise.all(
    layers.flatMap(({ entries }) => (entries === undefined ? [] : [packTar(entries)])),
  );
  return imageOfLedger(await ledgerOfTars(tars), layers, name, tars);
}

/**
 * An image around a ledger.
 * @param tars the layers as bytes, where their contents are read again
 */
export function imageOfLedger(
  ledger: Ledger,
  layers: readonly TestLayer[],
  name = 'test/image:1',
  tars: readonly Uint8Array[] = [],
): TestImage {
  const config = parseConfig({
    os: 'linux',
    architecture: 'amd64',
    history: layers.map(({ by, entries }) => ({ created_by: by, empty_layer: entries === undefined })),
  });
  const digest = `sha256:${'ab'.repeat(32)}` as const;
  const image: Image = {
    source: 'test.tar',
    form: 'docker-archive',
    names: [name],
    id: digest as Image['id'],
    idVerified: true,
    manifestDigest: null,
    manifestVerified: null,
    platform: config.platform,
    config,
    configBytes: new Uint8Array(0),
    manifestBytes: null,
    layers: ledger.layers.map((_, index) => ({
      index,
      blob: extentOf(tars[index] ?? new Uint8Array(0)),
      digest: digest as Image['id'],
      diffId: digest as Image['id'],
      mediaType: 'application/vnd.oci.image.layer.v1.tar',
      storedAs: `layer-${index}.tar`,
      whyMissing: null,
    })),
    annotations: {},
    attestations: [],
    signatures: null,
    warnings: [],
  };
  const stacked: StackedImage = {
    image,
    layers: ledger.layers.map((entries) => ({
      status: entries === null ? 'missing' : 'indexed',
      progress: 1024,
      storedSize: 1024,
      tarSize: entries === null ? null : 512 * (entries.count + 2),
      compression: 'none',
      digest: digest as Image['id'],
      diffId: digest as Image['id'],
      verified: { digest: true, diffId: true },
    })),
    ledger,
    complete: true,
    verifiedAll: true,
    warnings: [],
    unread: new UnreadParts(),
  };
  return { stacked, history: alignHistory(config.history, ledger.layers.length) };
}

/** A screen that shows an image. ASCII and without colours unless the options say otherwise. */
export function modelOf({ stacked, history }: TestImage, options: Partial<StartOptions> = {}): Model {
  const start = startModel({
    size: { columns: 100, rows: 30 },
    look: { theme: 'none', level: 0, unicode: false },
    source: 'test.tar',
    masker: new Masker([]),
    ...options,
  });
  return after(start, { type: 'stacked', stacked, history });
}

/** The model after actions; effects are left alone. */
export function after(model: Model, ...actions: readonly Action[]): Model {
  return actions.reduce((at, action) => update(at, action)[0], model);
}

/** The model after keys, named as in the keymap and separated by spaces. */
export function afterKeys(model: Model, keys: string): Model {
  return pressKeys(model, keys)[0];
}

/** The model after keys, and what they wanted done outside. */
export function pressKeys(model: Model, keys: string): [Model, readonly Effect[]] {
  let at = model;
  const effects: Effect[] = [];
  for (const key of keys.split(' ').filter((name) => name !== '')) {
    const action = keyAction(at, key);
    if (action === null) continue;
    const [next, wanted] = update(at, action);
    at = next;
    effects.push(...wanted);
  }
  return [at, effects];
}
