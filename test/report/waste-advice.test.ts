import { describe, expect, it } from 'vitest';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import type { FixtureEntry } from '../../fixtures/tar.ts';
import type { Origin } from '../../src/history/origin.ts';
import { wasteAdvice } from '../../src/report/waste-advice.ts';
import { ledgerOf, pathId } from '../ledger-of.ts';

type Layer = readonly [instruction: string, entries: readonly FixtureEntry[]];

async function adviceOn(path: string, layers: readonly Layer[], origins: readonly Origin[] = []) {
  const ledger = await ledgerOf(layers.map(([, entries]) => entries));
  const all = layers.map((_, at) => origins[at] ?? 'application');
  return wasteAdvice(ledger, pathId(ledger, path), all, (layer) => layers[layer]![0]);
}

const APP = 'content of the app';

describe('the advice for wasted bytes', () => {
  it.each([
    ['chown', { uid: 1000 }, 'use COPY --chown instead of a later chown'],
    ['chmod', { mode: 0o755 }, 'use COPY --chmod instead of a later chmod'],
    ['both', { uid: 1000, mode: 0o755 }, 'use COPY --chown --chmod instead of a later chown or chmod'],
  ])('on a copied file after %s keeps the file', async (_, attributes, advice) => {
    const layers: Layer[] = [
      ['COPY app /app', [file('app', APP)]],
      ['RUN change /app', [file('app', APP, attributes)]],
    ];
    expect(await adviceOn('/app', layers)).toBe(`layers 0, 1: ${advice}`);
  });

  it('suggests COPY --chown for a file below a recursively chowned directory', async () => {
    const layers: Layer[] = [
      ['COPY src /srv', [dir('srv/'), file('srv/a', APP)]],
      ['RUN chown -R 1000 /srv', [dir('srv/', { uid: 1000 }), file('srv/a', APP, { uid: 1000 })]],
    ];
    expect(await adviceOn('/srv/a', layers)).toBe('layers 0, 1: use COPY --chown instead of a later chown');
  });

  it('names the RUN whose recursive chown rewrote an unchanged file', async () => {
    const layers: Layer[] = [
      ['COPY app /app', [file('app', APP)]],
      ['RUN chown -R root /app', [file('app', APP)]],
    ];
    expect(await adviceOn('/app', layers)).toBe(
      'layers 0, 1: layer 1 writes it again unchanged: exclude it from that RUN (chown -R, chmod -R, touch)',
    );
  });

  it.each([
    ['chown', file('app', APP, { uid: 1000 })],
    ['sed', file('app', 'edited')],
  ])('suggests .dockerignore for a copied file that is deleted after a %s', async (_, changed) => {
    const layers: Layer[] = [
      ['COPY app /app', [file('app', APP)]],
      ['RUN change /app', [changed]],
      ['RUN rm /app', [whiteout('app')]],
    ];
    expect(await adviceOn('/app', layers)).toContain('leave it out of the COPY (.dockerignore)');
  });

  it('names the RUN that created a file anew after its copy was deleted', async () => {
    const layers: Layer[] = [
      ['COPY app /app', [file('app', APP)]],
      ['RUN rm /app', [whiteout('app')]],
      ['RUN make', [file('app', 'made')]],
      ['RUN rm /app', [whiteout('app')]],
    ];
    expect(await adviceOn('/app', layers)).toContain('delete it in the RUN that creates it');
  });

  it('suggests a build stage for a copied file that a RUN edits', async () => {
    const layers: Layer[] = [
      ['COPY app /app', [file('app', APP)]],
      ['RUN strip /app', [file('app', 'short')]],
    ];
    expect(await adviceOn('/app', layers)).toBe(
      'layers 0, 1: change it in a build stage, then COPY --from that stage',
    );
  });

  it('suggests to copy a file once if a later COPY overwrites it', async () => {
    const layers: Layer[] = [
      ['COPY a /app', [file('app', APP)]],
      ['COPY b /app', [file('app', 'another app')]],
    ];
    expect(await adviceOn('/app', layers)).toBe('layers 0, 1: keep only the COPY of layer 1');
    const chowned: Layer[] = [...layers, ['RUN chown', [file('app', 'another app', { uid: 7 })]]];
    expect(await adviceOn('/app', chowned)).toBe(
      'layers 0, 1, 2: keep only the COPY of layer 1; use COPY --chown instead of a later chown',
    );
  });

  it('names the right target for a copied file that a RUN moves', async () => {
    const layers: Layer[] = [
      ['COPY app /tmp/app', [dir('tmp/'), file('tmp/app', APP)]],
      [
        'RUN mv /tmp/app /opt/app',
        [whiteout('tmp/app'), dir('opt/'), file('opt/x', 'x'), file('opt/app', APP)],
      ],
    ];
    expect(await adviceOn('/tmp/app', layers)).toBe(
      'layers 0, 1: COPY it to /opt/app, without the later move',
    );
  });

  it('suggests .dockerignore only for a copied file that is deleted', async () => {
    const layers: Layer[] = [
      ['COPY . /app', [dir('app/'), file('app/notes', APP)]],
      ['RUN rm /app/notes', [whiteout('app/notes')]],
    ];
    expect(await adviceOn('/app/notes', layers)).toBe(
      'layers 0, 1: leave it out of the COPY (.dockerignore), or use RUN --mount=type=bind; a later RUN cannot remove it',
    );
  });

  it('suggests a single RUN for a file that one RUN creates and another deletes', async () => {
    const layers: Layer[] = [
      ['RUN make', [file('log', APP)]],
      ['RUN rm /log', [whiteout('log')]],
    ];
    expect(await adviceOn('/log', layers)).toBe('layers 0, 1: delete it in the RUN that creates it');
  });

  it('names the package manager option that avoids a cache', async () => {
    const cache = 'var/lib/apt/lists/deb.example_dists_main';
    const layers: Layer[] = [
      ['RUN apt-get update', [file(cache, APP)]],
      ['RUN rm -rf /var/lib/apt/lists', [whiteout('var/lib/apt/lists')]],
    ];
    expect(await adviceOn(`/${cache}`, layers)).toMatch(
      /^layers 0, 1: RUN rm -rf \/var\/lib\/apt\/lists\/\* in the same RUN, or RUN --mount=type=cache/,
    );
  });

  it('suggests another base for a file of the base image', async () => {
    const layers: Layer[] = [
      ['ADD rootfs /', [file('a', APP), file('b', APP)]],
      ['RUN upgrade', [file('a', 'newer')]],
      ['RUN rm /b', [whiteout('b')]],
    ];
    const origins: Origin[] = ['base', 'base'];
    expect(await adviceOn('/a', layers, origins)).toBe(
      'layers 0, 1: part of the base image; use another base',
    );
    expect(await adviceOn('/b', layers, origins)).toBe(
      'layer 0 is part of the base image: use another base, or leave the file as it is',
    );
  });
});
