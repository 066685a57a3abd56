import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { type FixtureEntry, opaque, whiteout } from '../../fixtures/tar.ts';
import { buildLedger } from '../../src/ledger/build.ts';
import { settleContents } from '../../src/ledger/settle.ts';
import { CHANGE_NAMES, changedNames } from '../../src/ledger/change.ts';
import { liveThroughHardlinks } from '../../src/ledger/content.ts';
import { treeAfter } from '../../src/ledger/final-tree.ts';
import { deletedPaths, findDeletedFiles } from '../../src/ledger/deleted-files.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { seenAfter } from '../../src/ledger/link-groups.ts';
import { findWaste } from '../../src/ledger/waste.ts';
import { ROOT } from '../../src/layer/path-table.ts';
import { ENTRY_TYPE_NAMES } from '../../src/tar/member.ts';
import { decodeName } from '../../src/text/escape.ts';
import { readColumns } from '../../src/tui/tree/read-columns.ts';
import { changeName, ledgerOf, pathText } from '../ledger-of.ts';
import { cases, fc } from '../property.ts';
import { listing, type Member, type Node, type Replay, replay } from './replay-model.ts';

/** Few paths, so that layers often meet on the same one. */
const PATHS = ['/a', '/b', '/a/a', '/a/b', '/b/a', '/a/b/a', '/a/b/b', '/b/a/a', '/a/b/a/a'];
const path = fc.constantFrom(...PATHS);

const metadata = fc.record({
  mode: fc.constantFrom(0o644, 0o755, 0o4755),
  uid: fc.constantFrom(0, 1000),
  mtime: fc.constantFrom(1_700_000_000, 1_700_000_001),
  xattrs: fc.option(fc.constant({ 'user.x': Buffer.from([0, 1]) }), { freq: 6, nil: undefined }),
});

const body = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('file' as const),
      content: fc.constantFrom('', 'x', 'y', 'long'),
    }),
  },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('directory' as const) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('symlink' as const), linkname: path }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('hardlink' as const), linkname: path }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('character' as const),
      devmajor: fc.constant(1),
      devminor: fc.constantFrom(3, 5),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('fifo' as const) }) },
);

const entry: fc.Arbitrary<Member> = fc.tuple(path, body, metadata).map(([at, kind, { xattrs, ...rest }]) => ({
  kind: 'entry',
  entry: { path: at, ...kind, ...rest, ...(xattrs === undefined ? {} : { xattrs }) },
}));

const member: fc.Arbitrary<Member> = fc.oneof(
  { weight: 6, arbitrary: entry },
  { weight: 2, arbitrary: path.map((at): Member => ({ kind: 'whiteout', path: at })) },
  { weight: 1, arbitrary: fc.constantFrom('', ...PATHS).map((at): Member => ({ kind: 'opaque', path: at })) },
);

const layers = fc.array(fc.array(member, { maxLength: 8 }), { minLength: 1, maxLength: 5 });

/** The members as in a tar: names without the leading slash, with `./` in every other layer. */
function tarOf(members: readonly Member[], layer: number): FixtureEntry[] {
  const name = (at: string): string => (layer % 2 === 0 ? at.slice(1) : `.${at}`);
  return members.map((made): FixtureEntry => {
    if (made.kind === 'whiteout') return whiteout(name(made.path));
    if (made.kind === 'opaque') return opaque(made.path === '' ? '' : name(made.path));
    const { linkname } = made.entry;
    return {
      ...made.entry,
      path: name(made.entry.path),
      ...(made.entry.type === 'hardlink' ? { linkname: linkname!.slice(1) } : {}),
    };
  });
}

const HOW = ['whiteout', 'opaque', 'replacement'];

/** Both sides as sorted text, so that a difference is readable. */
function ofLedger(ledger: Ledger): Record<string, string[]> {
  const events: string[] = [];
  const trees: string[] = [];
  for (let event = 0; event < ledger.eventCount; event++) {
    const at = `${ledger.layerOf(event)} ${pathText(ledger, ledger.pathOf(event))} ${changeName(ledger, event)}`;
    const changed = changedNames(ledger.changed(event)).join();
    const deletion = ledger.isDeletion(event) ? ledger.deletion(event) : null;
    const via = deletion === null ? '' : `${HOW[deletion.by]} ${pathText(ledger, deletion.via)}`;
    events.push(`${at} [${changed}] ${via.replace(/ \/$/, ' ')} ${ledger.state(event)}`);
  }
  for (let layer = 0; layer < ledger.layers.length; layer++) {
    for (const event of treeAfter(ledger, layer)) {
      const place = ledger.placeOf(event);
      const holder = ledger.layers[place.layer]!;
      const hash = holder.sha256(place.entry);
      const content = hash === null ? '' : Buffer.from(hash).toString('hex');
      const mode = holder.columns.mode[place.entry]!.toString(8);
      trees.push(`${layer} ${pathText(ledger, ledger.pathOf(event))} ${mode} ${content}`);
    }
  }
  return {
    events: events.toSorted(),
    trees: trees.toSorted(),
    deleted: deletedPaths(ledger)
      .map((id) => pathText(ledger, id))
      .toSorted(),
    superseded: ledger.superseded
      .map((s) => `${s.layer} ${pathText(ledger, s.path)} ${CHANGE_NAMES[s.change]}`)
      .toSorted(),
  };
}

function ofModel({ events, trees, superseded }: Replay): Record<string, string[]> {
  const final = trees.at(-1)!;
  const newest = new Map(events.map((event, i) => [event.path, i]));
  const state = (at: string, i: number): string => {
    if (!final.has(at)) return 'deleted';
    return newest.get(at) === i ? 'live' : 'shadowed';
  };
  const content = (node: Node): string =>
    node.type === 'file' ? createHash('sha256').update(node.content).digest('hex') : '';
  return {
    events: events
      .map(
        ({ layer, path: at, change, changed, via }, i) =>
          `${layer} ${at} ${change} [${changed.join()}] ${via} ${state(at, i)}`,
      )
      .toSorted(),
    trees: trees
      .flatMap((tree, layer) =>
        [...tree].map(([at, node]) => `${layer} ${at} ${node.mode.toString(8)} ${content(node)}`),
      )
      .toSorted(),
    deleted: [...newest.keys()].filter((at) => !final.has(at)).toSorted(),
    superseded: superseded.toSorted(),
  };
}

it('agrees with a replay of the layers into a plain map', async () => {
  await fc.assert(
    fc.asyncProperty(layers, async (stack) => {
      const ledger = await ledgerOf(stack.map(tarOf));
      expect(ofLedger(ledger)).toEqual(ofModel(replay(stack)));
    }),
    cases(100),
  );
});

/** Bytes of the files among some nodes, each counted once. */
function bytesOf(nodes: Iterable<Node>): number {
  const sizes = new Map(Array.from(nodes, ({ content, stored }) => [stored, content.length]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

it('lists the names of a file with hard links as the container sees them after every layer', async () => {
  await fc.assert(
    fc.asyncProperty(layers, async (stack) => {
      const ledger = await ledgerOf(stack.map(tarOf));
      const { trees } = replay(stack);
      trees.forEach((tree, layer) => {
        const seen = Array.from(treeAfter(ledger, layer), (event) => {
          const { link, size, type } = seenAfter(ledger, event, layer);
          const target = decodeName(link ?? new Uint8Array(0)).text.replace(/^\//, '');
          return `${pathText(ledger, ledger.pathOf(event))} ${ENTRY_TYPE_NAMES[type]} ${size} > ${target}`;
        });
        expect(seen.toSorted()).toEqual(listing(tree).toSorted());
        const bytes = bytesOf(tree.values());
        const columns = readColumns(ledger, { kind: 'after', layer });
        const final = new Set([...trees.at(-1)!.values()].map(({ stored }) => stored));
        const lost = bytesOf([...tree.values()].filter(({ stored }) => !final.has(stored)));
        expect([columns.size[ROOT], columns.lost[ROOT]]).toEqual([bytes, lost]);
        expect(readColumns(ledger, { kind: 'between', from: 0, to: layer }).size[ROOT]).toBe(bytes);
      });
      const { bytes: wasted, total } = findWaste(ledger);
      expect(total - wasted).toBe(bytesOf(trees.at(-1)!.values()));
    }),
    { numRuns: 500 },
  );
});

it('gives the same result once the requested contents are hashed, and requests no more', async () => {
  await fc.assert(
    fc.asyncProperty(layers, async (stack) => {
      const tars = stack.map(tarOf);
      const whole = await ledgerOf(tars);
      const first = await ledgerOf(tars, false);
      for (const { layer, entry: at } of first.unverified) {
        const sha256 = whole.layers[layer]!.sha256(at)!;
        first.layers[layer]!.addHashes({ entries: Uint32Array.of(at), sha256 });
      }
      const second = buildLedger(first.paths, first.layers);
      expect(second.unverified).toEqual([]);
      expect(ofLedger(second)['events']).toEqual(ofLedger(whole)['events']);
      const settled = settleContents(first);
      expect(settled.unverified).toEqual([]);
      expect(ofLedger(settled)).toEqual(ofLedger(second));
    }),
    cases(40),
  );
});

it('counts every byte that is not visible in the container once, as deleted and as wasted', async () => {
  await fc.assert(
    fc.asyncProperty(layers, async (stack) => {
      const ledger = await ledgerOf(stack.map(tarOf));
      const waste = findWaste(ledger);
      const linked = liveThroughHardlinks(ledger);
      const lost = findDeletedFiles(ledger).deletedFiles.filter(
        ({ born, entry: at }) => !linked.has(born, at),
      );
      expect(lost.reduce((sum, { size }) => sum + size, 0)).toBe(waste.bytes);
      expect(waste.byLayer.reduce((sum, bytes) => sum + bytes, 0)).toBe(waste.bytes);
      expect(waste.byPath.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(waste.bytes);
      const stored = stack
        .flat()
        .map((made) => (made.kind === 'entry' ? String(made.entry.content ?? '').length : 0));
      expect(waste.total).toBe(stored.reduce((sum, bytes) => sum + bytes, 0));
    }),
    cases(40),
  );
});
