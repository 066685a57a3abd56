import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../fixtures/canary.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage, type FixtureStep } from '../../fixtures/image.ts';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { run } from './run.ts';

/** Recognised only by its variable name: no rule finds a copy without the name. */
const HEX = seededRandom('scan copies').text('0123456789abcdef', 40);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-copies-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let made = 0;
async function secretsOf(steps: FixtureStep[], config: Record<string, unknown> = {}): Promise<Finding[]> {
  const target = path.join(folder, `${made++}.tar`);
  await writeFile(target, await dockerArchive([await buildImage({ steps, config })], { form: 'podman' }));
  const { stdout } = await run('scan', target, '--json');
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return findings.filter(({ suppressed, kind }) => kind === 'secret' && suppressed === null);
}

const places = ({ occurrences }: Finding): string[] =>
  occurrences.map(({ state, where: { key, layer, path: at, surface } }) =>
    [surface, layer, at ?? key, state].filter((each) => each !== null).join(' '),
  );

describe('a value that a rule found', () => {
  it('is found in all layers, in the config and in the history, with a state for each place', async () => {
    const [finding, ...others] = await secretsOf(
      [
        { createdBy: `RUN fetch ${HEX}`, entries: [dir('etc'), file('etc/below', `${HEX}\n`)] },
        { createdBy: 'COPY . /app', entries: [file('app.env', `API_TOKEN=${HEX}\n`)] },
        {
          createdBy: 'RUN --mount=type=secret,id=t cp /run/secrets/t /etc/t',
          entries: [file('etc/t', HEX), whiteout('app.env'), file('etc/below', 'clean\n')],
        },
      ],
      { Cmd: ['serve', HEX], Labels: { note: HEX } },
    );
    expect(others).toEqual([]);
    // A docker-archive also has the config in the form of older versions of Docker.
    const inImage = places(finding!).filter((place) => !place.includes('/json'));
    expect(inImage.toSorted()).toEqual(
      [
        'file 0 /etc/below shadowed',
        'file 1 /app.env deleted',
        'file 2 /etc/t live',
        'config Cmd[1] live',
        'label note metadata',
        'history 0 created_by metadata',
      ].toSorted(),
    );
    expect([finding!.state, finding!.where.path]).toEqual(['live', '/etc/t']);
  });

  it('keeps its id and place if a rule also finds it', async () => {
    const env = { createdBy: 'COPY . /app', entries: [file('app.env', `API_TOKEN=${HEX}\n`)] };
    const [alone] = await secretsOf([env]);
    expect(places(alone!)).toEqual(['file 0 /app.env live']);
    const copied = { createdBy: 'RUN cp', entries: [file('copy', HEX)] };
    const [copy] = await secretsOf([copied, env]);
    expect([copy!.id, copy!.occurrences.length]).toEqual([alone!.id, 2]);
  });

  it.each([
    ['a suppressed value', 'DB_PASSWORD=postgres\n', 'postgres'],
    ['plain words', 'DB_PASSWORD=productiondatabase\n', 'productiondatabase'],
    ['a value of less than 8 bytes', 'DB_PASSWORD=x7$Kq2\n', 'x7$Kq2'],
  ])('is not searched for: %s', async (_what, content, value) => {
    const found = await secretsOf([
      { createdBy: 'COPY . /app', entries: [file('app.env', content), file('notes', `see ${value} there`)] },
    ]);
    expect(found.flatMap(places).filter((place) => place.includes('/notes'))).toEqual([]);
  });

  it('is not found inside a longer word', async () => {
    const found = await secretsOf([
      {
        createdBy: 'COPY . /app',
        entries: [
          file('app.env', 'DB_PASSWORD=Xy7$winter\n'),
          file('a', 'Xy7$winters'),
          file('b', 'pw Xy7$winter.'),
        ],
      },
    ]);
    expect(found.flatMap(places).toSorted()).toEqual(['file 0 /app.env live', 'file 0 /b live']);
  });
});
