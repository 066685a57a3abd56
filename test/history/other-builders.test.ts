import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ociArchive } from '../../fixtures/forms.ts';
import { buildImage, type ImageOptions } from '../../fixtures/image.ts';
import { jibImage, kanikoImage, koImage, rulesOciImage } from '../../fixtures/other-builders.ts';
import { alignHistory } from '../../src/history/align.ts';
import { findBase, originsOf } from '../../src/history/base.ts';
import { rebuildDockerfile } from '../../src/history/dockerfile.ts';
import { openPath } from '../../src/image/open.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'exhume-builders-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

/** Saves an image, opens it again, and returns what its history and config show. */
async function historyOf(options: ImageOptions) {
  const target = path.join(folder, `${count++}.tar`);
  writeFileSync(target, await ociArchive([await buildImage(options)]));
  const { annotations, config, layers } = (await openPath(target)).choices[0]!.open();
  const history = alignHistory(config.history, layers.length);
  const base = findBase({ annotations, config, history, provenance: null });
  const { lines, notes, producer } = rebuildDockerfile(history, config, base);
  return {
    aligned: history.aligned,
    layers: history.entries.map(({ layer }) => layer),
    origins: originsOf(base, layers.length).join(' '),
    method: base[0]?.method ?? null,
    producer,
    notes,
    lines: lines.map(({ basis, text }) => `${basis === 'inferred' ? '? ' : ''}${text}`),
  };
}

describe('a kaniko image', () => {
  it('has a base from another builder, and one entry per layer', async () => {
    expect(await historyOf(kanikoImage())).toMatchObject({
      producer: 'kaniko',
      aligned: true,
      layers: [0, null, 1, 2, 3],
      method: 'producer-change',
      origins: 'base application application application',
    });
  });

  it('has these instructions, with unrecorded ones taken from the config', async () => {
    const { lines } = await historyOf(kanikoImage());
    expect(lines).toEqual([
      '? FROM base-image',
      'COPY . /srv/app',
      'RUN useradd -r app && rm /srv/app/old',
      'WORKDIR /srv/app',
      '? LABEL made="by kaniko"',
      '? ENV PATH=/usr/local/bin:/usr/bin:/bin',
      '? USER app',
      '? ENTRYPOINT ["python3","main.py"]',
    ]);
  });
});

describe('a jib image', () => {
  it('has a base from another builder, and one entry per layer', async () => {
    expect(await historyOf(jibImage())).toMatchObject({
      producer: 'jib',
      aligned: true,
      layers: [0, null, 1, 2, 3, 4],
      method: 'producer-change',
      origins: 'base application application application application',
    });
  });

  it('uses no Dockerfile, but describes its layers', async () => {
    const { lines, notes } = await historyOf(jibImage());
    expect(notes[0]).toBe('built with jib, which uses no Dockerfile: there is nothing to rebuild');
    expect(lines).toEqual([
      '? FROM base-image',
      '# jib-maven-plugin:3.4.4: dependencies',
      '# jib-maven-plugin:3.4.4: resources',
      '# jib-maven-plugin:3.4.4: classes',
      '# jib-maven-plugin:3.4.4: jvm arg files',
      '? ENV PATH=/usr/bin',
      '? USER 65532',
      '? ENTRYPOINT ["java","-cp","@/app/jib-classpath-file","com.Main"]',
    ]);
  });
});

describe('a ko image', () => {
  it('has a base from another builder, and one entry per layer', async () => {
    expect(await historyOf(koImage())).toMatchObject({
      producer: 'ko',
      aligned: true,
      layers: [0, 1, 2],
      method: 'producer-change',
      origins: 'base application application',
    });
  });

  it('uses no Dockerfile, but describes its layers', async () => {
    const { lines, notes } = await historyOf(koImage());
    expect(notes[0]).toBe('built with ko, which uses no Dockerfile: there is nothing to rebuild');
    expect(lines).toEqual([
      '? FROM base-image',
      '# ko build ko://example.test/cmd/app: kodata contents, at $KO_DATA_PATH',
      '# ko build ko://example.test/cmd/app: go build output, at /ko-app/app',
      '? ENV PATH=/usr/bin:/bin:/ko-app',
      '? ENV KO_DATA_PATH=/var/run/ko',
      '? USER 65532',
      '? ENTRYPOINT ["/ko-app/app"]',
    ]);
  });
});

describe('a rules_oci image (Bazel)', () => {
  it('has only the history of its base, which is reported', async () => {
    const { aligned, layers, lines, notes, origins } = await historyOf(rulesOciImage('base'));
    expect([aligned, layers, origins]).toEqual([false, [0, null], 'unknown unknown unknown']);
    expect(notes).toContain(
      'the history has 1 entry with a layer, but the manifest has 3 layers: they are matched in order, from the bottom layer up',
    );
    expect(lines).toEqual([
      '? FROM scratch',
      'ADD file:f3 in /',
      'CMD ["bash"]',
      '? WORKDIR /app',
      '? USER 65532',
      '? ENTRYPOINT ["/app/bin/app"]',
    ]);
  });

  it('has no history if it has no base', async () => {
    expect(await historyOf(rulesOciImage('scratch'))).toMatchObject({
      producer: 'none',
      aligned: false,
      layers: [],
      method: null,
      origins: 'unknown unknown',
      lines: ['? FROM scratch', '? WORKDIR /app', '? USER 65532', '? ENTRYPOINT ["/app/bin/app"]'],
    });
  });
});
