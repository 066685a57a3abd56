import { describe, expect, it } from 'vitest';
import { alignHistory } from '../../src/history/align.ts';
import { baseLayerCount, findBase, isBase } from '../../src/history/base.ts';
import { rebuildDockerfile } from '../../src/history/dockerfile.ts';
import { parseProvenance } from '../../src/history/provenance.ts';
import { parseConfig } from '../../src/image/config.ts';
import type { JsonObject } from '../../src/image/json-fields.ts';
import { baseText } from '../../src/report/base-text.ts';

type Entry = { by?: string; comment?: string; empty?: true; author?: string; created?: string };

function rebuilt(entries: readonly Entry[], config: JsonObject = {}, annotations = {}) {
  const parsed = parseConfig({
    config,
    history: entries.map(({ by, comment, empty, author, created }) => ({
      created_by: by,
      comment,
      author,
      created,
      empty_layer: empty,
    })),
  });
  const layers = entries.filter(({ empty }) => empty !== true).length;
  const history = alignHistory(parsed.history, layers);
  const base = findBase({ config: parsed, annotations, history, provenance: null });
  return { base, ...rebuildDockerfile(history, parsed, base) };
}

const texts = ({ lines }: { lines: readonly { text: string }[] }): string[] => lines.map(({ text }) => text);
const nop = (text: string): string => `/bin/sh -c #(nop)  ${text}`;
const BUILDKIT = 'buildkit.dockerfile.v0';
const HASH = 'a'.repeat(64);

describe('rebuildDockerfile', () => {
  it('rebuilds from a history of the classic builder', () => {
    const result = rebuilt(
      [
        { by: nop(`ADD file:${HASH} in / `) },
        { by: nop('CMD ["bash"]'), empty: true },
        { by: nop('ENV A=1'), empty: true },
        { by: '|1 V=2 /bin/sh -c make' },
        { by: nop(`COPY file:${HASH} in /app/ `) },
        { by: nop('CMD ["a"]'), empty: true },
      ],
      { Cmd: ['a'] },
    );
    expect(result.producer).toBe('classic');
    expect(texts(result)).toEqual([
      'FROM base-image',
      'ENV A=1',
      'ARG V=2',
      'RUN make',
      `COPY file-${HASH.slice(0, 12)} /app/`,
      'CMD ["a"]',
    ]);
    expect(result.lines.map(({ basis }) => basis)).toEqual([
      'inferred',
      'observed',
      'inferred',
      'observed',
      'inferred',
      'observed',
    ]);
  });

  it('rebuilds from a BuildKit history, with lists and health checks from the config', () => {
    const result = rebuilt(
      [
        { by: '# debian.sh', comment: 'debuerreotype 0.15' },
        { by: 'WORKDIR /app', comment: BUILDKIT },
        { by: 'COPY . . # buildkit', comment: BUILDKIT },
        { by: 'RUN |1 V=2 /bin/bash -eo pipefail -c make # buildkit', comment: BUILDKIT },
        { by: 'EXPOSE map[80/tcp:{}]', comment: BUILDKIT, empty: true },
        { by: 'HEALTHCHECK &{["CMD" "a"] "5s" "0s" "0s" \'\\x00\'}', comment: BUILDKIT, empty: true },
        { by: 'ENTRYPOINT ["run"]', comment: BUILDKIT, empty: true },
      ],
      {
        ExposedPorts: { '80/tcp': {} },
        Entrypoint: ['run'],
        Healthcheck: { Test: ['CMD', 'a'], Interval: 5e9 },
      },
    );
    expect(texts(result)).toEqual([
      'FROM base-image',
      'WORKDIR /app',
      'COPY . .',
      'ARG V=2',
      'SHELL ["/bin/bash","-eo","pipefail","-c"]',
      'RUN make',
      'EXPOSE 80',
      'HEALTHCHECK --interval=5s CMD ["a"]',
      'ENTRYPOINT ["run"]',
    ]);
  });

  it('rebuilds from a buildah history, with the name of the base image', () => {
    const result = rebuilt([
      { by: 'base' },
      { by: `/bin/sh -c #(nop) COPY file:${HASH} in /x`, comment: 'FROM docker.io/library/alpine:3.20' },
      { by: '/bin/sh -c echo a', comment: 'FROM 53d762ca8156' },
    ]);
    expect(result.producer).toBe('buildah');
    expect(texts(result)).toEqual(['FROM docker.io/library/alpine:3.20', 'COPY x /x', 'RUN echo a']);
  });

  it('rebuilds from a kaniko history, with instructions as written', () => {
    const result = rebuilt([
      { by: 'RUN apt-get update', author: 'kaniko' },
      { by: 'COPY a b', author: 'kaniko' },
    ]);
    expect([result.producer, ...texts(result)]).toEqual([
      'kaniko',
      'FROM scratch',
      'RUN apt-get update',
      'COPY a b',
    ]);
  });

  it.each([
    ['jib-maven-plugin:3.4.0', 'jib'],
    ['ko build ko://example.com/app', 'ko'],
    ['bazel build ...', 'bazel'],
  ])('rebuilds nothing from a history of %s, and says so', (by, producer) => {
    const result = rebuilt([{ by }]);
    expect(result.producer).toBe(producer);
    expect(result.notes.join()).toContain('nothing to rebuild');
    expect(texts(result).slice(1)).toEqual([`# ${by}`]);
  });

  it('lists the old instructions of a squashed image before the merged layer', () => {
    const result = rebuilt([
      { by: '/bin/sh -c a', empty: true },
      { comment: `merge sha256:${HASH} to sha256:${HASH}` },
    ]);
    expect(result.lines.at(-1)).toMatchObject({ text: expect.stringContaining('# merge sha256:') as string });
    expect(result.lines.at(-1)!.note).toContain('squashed');
  });

  it('reports a missing history', () => {
    const { notes, producer } = rebuilt([]);
    expect([producer, notes[0]]).toEqual(['none', 'the image has no history: there is nothing to rebuild']);
  });

  it('notes where the end of a build argument is a guess', () => {
    const { lines } = rebuilt([{ by: '|1 A=one two B=3 /bin/sh -c true' }]);
    const args = lines.find(({ text }) => text.startsWith('ARG'))!;
    expect([args.basis, args.note]).toEqual(['inferred', expect.stringContaining('guess')]);
  });
});

describe('detection of the base image', () => {
  it('compares the lowest diffIDs', () => {
    expect(isBase(['a', 'b', 'c'], ['a', 'b'])).toBe(true);
    expect(isBase(['a', 'b'], ['b'])).toBe(false);
    expect(isBase(['a'], ['a', 'b'])).toBe(false);
    expect(isBase(['a'], [])).toBe(false);
    expect(isBase([null], [null])).toBe(false);
  });

  it('takes only the name from annotations and labels', () => {
    const labels = {
      'org.opencontainers.image.base.name': 'a:1',
      'org.opencontainers.image.base.digest': 'd',
    };
    const { base, lines } = rebuilt([{ by: 'x' }], { Labels: labels });
    expect(base).toMatchObject([{ method: 'label', confidence: 'medium', name: 'a:1', layers: null }]);
    expect([baseLayerCount(base), lines[0]!.text]).toEqual([null, 'FROM a:1@d']);
  });

  it('ignores the empty base name that buildah writes for an image from scratch', () => {
    const labels = {
      'org.opencontainers.image.base.name': '',
      'org.opencontainers.image.base.digest': `sha256:${'3c'.repeat(32)}`,
    };
    const { base, lines } = rebuilt([{ by: 'x' }], { Labels: labels });
    expect([base, lines[0]!.text]).toEqual([[], 'FROM scratch']);
  });

  it('takes names from the provenance, and chooses among several by a label', () => {
    const config = parseConfig({});
    const history = alignHistory([], 0);
    const images = ['golang:1', 'debian:12'].map((name) => ({ name, digest: null }));
    const signs = (labels: JsonObject) =>
      findBase({
        config: parseConfig({ config: { Labels: labels } }),
        annotations: {},
        history,
        provenance: { images, dockerfile: null },
      });
    const open = rebuildDockerfile(history, config, signs({})).lines[0]!;
    expect(open).toMatchObject({
      text: 'FROM golang:1',
      note: expect.stringContaining('it may also be debian:12'),
    });
    const labelled = signs({ 'org.opencontainers.image.base.name': 'debian:12' });
    expect(rebuildDockerfile(history, config, labelled).lines[0]!.text).toBe('FROM debian:12');
    expect(baseText(signs({}))).toBe('golang:1 or debian:12 (provenance, high)');
  });

  it('detects a change of builder to BuildKit or kaniko', () => {
    const entries = [{ by: nop('ADD file:a in /') }, { by: nop('CMD ["sh"]'), empty: true as const }];
    for (const own of [
      { by: 'COPY a b', comment: BUILDKIT },
      { by: 'COPY a b', author: 'kaniko' },
    ]) {
      const { base } = rebuilt([...entries, own]);
      expect(base[0]).toMatchObject({ method: 'producer-change', confidence: 'medium', layers: 1 });
    }
  });

  it('guesses from the last CMD below later layers', () => {
    const { base } = rebuilt([
      { by: 'a' },
      { by: nop('CMD ["sh"]'), empty: true },
      { by: '/bin/sh -c b' },
      { by: nop('CMD ["b"]'), empty: true },
    ]);
    expect(base).toMatchObject([{ method: 'last-cmd', confidence: 'low', layers: 1 }]);
  });

  it('takes a time gap as a hint only', () => {
    const { base } = rebuilt([
      { by: 'a', created: '2025-01-01T00:00:00Z' },
      { by: 'b', created: '2025-03-01T00:00:00Z' },
    ]);
    expect(base).toMatchObject([{ method: 'created-gap', layers: 1 }]);
    expect(baseLayerCount(base)).toBeNull();
  });

  it('finds no base in a base image', () => {
    expect(
      rebuilt([{ by: nop(`ADD file:${HASH} in /`) }, { by: nop('CMD ["sh"]'), empty: true }]).base,
    ).toEqual([]);
  });
});

describe('provenance', () => {
  const source = 'FROM debian:12\nRUN make\n';
  const infos = [{ filename: 'Dockerfile', data: Buffer.from(source).toString('base64') }];
  it.each<[string, JsonObject]>([
    [
      'v0.2',
      {
        predicateType: 'https://slsa.dev/provenance/v0.2',
        predicate: {
          materials: [{ uri: 'pkg:docker/debian@12?platform=linux%2Famd64', digest: { sha256: HASH } }],
          metadata: { 'https://mobyproject.org/buildkit@v1#metadata': { source: { infos } } },
        },
      },
    ],
    [
      'v1',
      {
        predicateType: 'https://slsa.dev/provenance/v1',
        predicate: {
          buildDefinition: {
            resolvedDependencies: [
              { uri: 'pkg:docker/debian@12', digest: { sha256: HASH } },
              { uri: 'git+x' },
              { uri: 'pkg:docker/docker/dockerfile@1', digest: { sha256: HASH } },
            ],
          },
          runDetails: { metadata: { buildkit_metadata: { source: { infos } } } },
        },
      },
    ],
  ])('parses %s with the images of the build and the Dockerfile', (_version, statement) => {
    expect(parseProvenance([statement])).toEqual({
      images: [{ name: 'debian:12', digest: `sha256:${HASH}` }],
      dockerfile: source,
    });
  });

  it('ignores other statements', () => {
    expect(parseProvenance([{ predicateType: 'https://spdx.dev/Document', predicate: {} }])).toBeNull();
  });
});
