import { describe, expect, it } from 'vitest';
import { alignHistory } from '../../src/history/align.ts';
import { findBase } from '../../src/history/base.ts';
import { rebuildDockerfile, type RebuiltDockerfile } from '../../src/history/dockerfile.ts';
import { parseConfig } from '../../src/image/config.ts';

interface Entry {
  readonly by?: string;
  readonly comment?: string;
  readonly author?: string;
  readonly empty?: boolean;
}

const BUILDKIT = 'buildkit.dockerfile.v0';

/** Rebuilds a Dockerfile from history entries and the `config` object of an image. */
function rebuilt(entries: readonly Entry[], runtime: Record<string, unknown> = {}): RebuiltDockerfile {
  const config = parseConfig({
    config: runtime,
    history: entries.map(({ by, comment, author, empty }) => ({
      ...(by === undefined ? {} : { created_by: by }),
      ...(comment === undefined ? {} : { comment }),
      ...(author === undefined ? {} : { author }),
      ...(empty === true ? { empty_layer: true } : {}),
    })),
  });
  const history = alignHistory(config.history, entries.filter(({ empty }) => empty !== true).length);
  const base = findBase({ config, history, annotations: {}, provenance: null });
  return rebuildDockerfile(history, config, base);
}

/** Prefixes each line with `o` (observed) or `i` (inferred). */
function linesOf({ lines }: RebuiltDockerfile): string[] {
  return lines.map(({ text, basis }) => `${basis[0]} ${text}`);
}

const buildkit = (by: string, empty = true): Entry => ({ by, comment: BUILDKIT, empty });

describe('the lines of a rebuilt Dockerfile', () => {
  it('takes lists and health checks from the config for BuildKit', () => {
    const made = rebuilt(
      [
        buildkit('WORKDIR /app', false),
        buildkit('COPY --chown=1000 a b /app/ # buildkit', false),
        buildkit('EXPOSE map[8080/tcp:{} 53/udp:{}]'),
        buildkit('VOLUME [/data]'),
        buildkit('HEALTHCHECK &{["CMD-SHELL" "true || exit 1"] "30s" "0s" "0s" "0s" \'\\x03\'}'),
        buildkit('ENTRYPOINT ["node" "--title=a b"]'),
        buildkit('CMD ["server.js"]'),
      ],
      {
        WorkingDir: '/app',
        ExposedPorts: { '8080/tcp': {}, '53/udp': {} },
        Volumes: { '/data': {} },
        Healthcheck: { Test: ['CMD-SHELL', 'true || exit 1'], Interval: 30e9, Timeout: 1.5e9, Retries: 3 },
        Entrypoint: ['node', '--title=a b'],
        Cmd: ['server.js'],
      },
    );
    expect(linesOf(made)).toEqual([
      'i FROM scratch',
      'o WORKDIR /app',
      'o COPY --chown=1000 a b /app/',
      'o EXPOSE 8080 53/udp',
      'o VOLUME ["/data"]',
      'o HEALTHCHECK --interval=30s --timeout=1500ms --retries=3 CMD true || exit 1',
      'o ENTRYPOINT ["node","--title=a b"]',
      'o CMD ["server.js"]',
    ]);
    expect(made.lines.slice(1, 4).map(({ layer, historyIndex }) => [layer, historyIndex])).toEqual([
      [0, 0],
      [1, 1],
      [null, 2],
    ]);
  });

  it('parses a replaced CMD from the Go format of the history', () => {
    const made = rebuilt(
      [buildkit('CMD ["a b" "c\\"d"]'), buildkit('COPY a / # buildkit', false), buildkit('CMD ["x"]')],
      { Cmd: ['x'] },
    );
    expect(linesOf(made)).toContain('o CMD ["a b","c\\"d"]');
  });

  it('names sources of the classic builder by the target or the checksum', () => {
    const hex = 'ee5bd83b21aa39c1f01f67814fcd411cefa574739a23c0e37f4c2c6cb5136ab7';
    const made = rebuilt([
      { by: `/bin/sh -c #(nop) COPY file:${hex} in /app/.env ` },
      { by: `/bin/sh -c #(nop) COPY --chown=1:1 dir:${hex} in /app/ ` },
      { by: `/bin/sh -c #(nop) ADD multi:${hex} in ./ ` },
    ]);
    expect(linesOf(made).slice(1)).toEqual([
      'i COPY .env /app/.env',
      'i COPY --chown=1:1 dir-ee5bd83b21aa/ /app/',
      'i ADD multi-ee5bd83b21aa ./',
    ]);
    expect(made.lines[1]!.note).toContain(hex);
  });

  it('uses the config to find the end of unquoted values, and marks guesses', () => {
    const made = rebuilt(
      [
        buildkit('ENV GREETING=hello big world B=$x'),
        buildkit('ENV OLD=one two'),
        buildkit('ENV OLD=final'),
        buildkit('LABEL title=a b=c maker=me'),
      ],
      { Env: ['GREETING=hello big world', 'B=$x', 'OLD=final'], Labels: { title: 'a b=c', maker: 'me' } },
    );
    expect(linesOf(made).slice(1)).toEqual([
      'o ENV GREETING="hello big world" B="\\$x"',
      'i ENV OLD="one two"',
      'o ENV OLD=final',
      'o LABEL title="a b=c" maker=me',
    ]);
  });

  it('notes build arguments on their RUN, and adds an ARG if none is recorded', () => {
    const made = rebuilt([
      buildkit('ARG VERSION=1.2'),
      buildkit('RUN |1 VERSION=1.2 /bin/sh -c make # buildkit', false),
      buildkit('RUN |1 TITLE=a b /bin/sh -c make # buildkit', false),
    ]);
    expect(linesOf(made).slice(1)).toEqual([
      'o ARG VERSION=1.2',
      'o RUN make',
      'i ARG TITLE="a b"',
      'o RUN make',
    ]);
    expect(made.lines[2]!.note).toBe('ran with VERSION=1.2');
    expect(made.lines[3]!.note).toContain('guess');
    expect(made.lines[4]!.note).toContain('guess');
  });

  it('quotes argument values, and notes that their end is a guess', () => {
    const made = rebuilt([{ by: '/bin/sh -c #(nop)  ARG TITLE=a b', empty: true }]);
    expect(linesOf(made).slice(1)).toEqual(['i ARG TITLE="a b"']);
    expect(made.lines[1]!.note).toContain('guess');
  });

  it('detects a classic builder RUN in exec form by its arguments', () => {
    const made = rebuilt([
      { by: '/bin/sh -c #(nop)  ARG TITLE=a b', empty: true },
      { by: '|1 TITLE=a b /bin/tool --flag' },
    ]);
    expect(linesOf(made).slice(2)).toEqual(['i RUN ["/bin/tool","--flag"]']);
    expect(made.lines[2]!.note).toContain('ran with TITLE="a b"');
  });

  it('keeps the options of a classic builder COPY without a space after them', () => {
    const made = rebuilt([
      { by: `/bin/sh -c #(nop) COPY --chown=1000:1001dir:${'a'.repeat(64)} in /opt/app/ ` },
    ]);
    expect(linesOf(made).slice(1)).toEqual(['i COPY --chown=1000:1001 dir-aaaaaaaaaaaa/ /opt/app/']);
  });

  it('adds a SHELL once, and only if no entry sets it', () => {
    const pipefail = '/bin/bash -o pipefail -c';
    expect(linesOf(rebuilt([{ by: `${pipefail} make` }, { by: `${pipefail} id` }])).slice(1)).toEqual([
      'i SHELL ["/bin/bash","-o","pipefail","-c"]',
      'o RUN make',
      'o RUN id',
    ]);
    const explicit = rebuilt(
      [buildkit(`SHELL [${pipefail}]`), buildkit(`RUN ${pipefail} make # buildkit`, false)],
      {
        Shell: pipefail.split(' '),
      },
    );
    expect(linesOf(explicit).slice(1)).toEqual(['o SHELL ["/bin/bash","-o","pipefail","-c"]', 'o RUN make']);
  });

  it('writes a multi-line script as a here-document with a delimiter that is not in the script', () => {
    const made = rebuilt([buildkit('RUN /bin/sh -c a\nEOF\nb\n # buildkit', false)]);
    expect(linesOf(made)[1]).toBe('i RUN <<EOF_\na\nEOF\nb\nEOF_');
  });

  it('begins with the base image named by buildah, and omits its entries', () => {
    const made = rebuilt([
      { by: '/bin/sh -c #(nop) ADD file:5c931cbe736749 in /', comment: 'imported from tarball' },
      { by: '/bin/sh -c mkdir /a', comment: 'FROM localhost/base:tiny' },
      { by: '/bin/sh -c mkdir /b', comment: 'FROM a14d7a5b4320' },
    ]);
    expect(linesOf(made)).toEqual(['i FROM localhost/base:tiny', 'o RUN mkdir /a', 'o RUN mkdir /b']);
  });

  it('lists buildah arguments one by one, health checks as written, and adds no shell', () => {
    const made = rebuilt([
      { by: '/bin/sh -c #(nop) ARG A', comment: 'FROM localhost/base:1', empty: true },
      { by: '/bin/sh -c #(nop) ARG A B', comment: 'FROM 240060aa3891', empty: true },
      { by: '/bin/sh -c #(nop) SHELL ["/bin/sh", "-e", "-c"]', comment: 'FROM 240060aa3892', empty: true },
      { by: '|2 A=1 B=2 /bin/sh -c make', comment: 'FROM 240060aa3893' },
      {
        by: '/bin/sh -c #(nop) HEALTHCHECK --interval=30s CMD true || exit 1',
        comment: 'FROM 240060aa3894',
        empty: true,
      },
    ]);
    expect(linesOf(made)).toEqual([
      'i FROM localhost/base:1',
      'o ARG A',
      'o ARG B',
      'o SHELL ["/bin/sh","-e","-c"]',
      'o RUN make',
      'o HEALTHCHECK --interval=30s CMD true || exit 1',
    ]);
  });

  it('finds the first own entry of buildah without --layers', () => {
    const made = rebuilt([
      { by: '/bin/sh -c #(nop) ADD file:5c931cbe736749 in /' },
      { by: '/bin/sh -c #(nop)  ENV OF=base', empty: true },
      { by: '/bin/sh -c #(nop)  CMD ["sh"]', empty: true },
      { by: '/bin/sh -c #(nop) ENV A=b', empty: true },
      { by: '/bin/sh -c make', empty: true },
      { by: '/bin/sh -c #(nop) LABEL a=b', comment: 'FROM docker.io/library/busybox:1' },
    ]);
    expect(linesOf(made)).toEqual([
      'i FROM docker.io/library/busybox:1',
      'o ENV A=b',
      'o RUN make',
      'o LABEL a=b',
    ]);
  });

  it('takes the metadata of kaniko images from the config', () => {
    const made = rebuilt([{ by: 'RUN cp /a /b', author: 'kaniko' }], {
      User: 'app',
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'A=b c'],
      Cmd: ['/b'],
    });
    expect(linesOf(made)).toEqual([
      'i FROM scratch',
      'o RUN cp /a /b',
      'i ENV A="b c"',
      'i USER app',
      'i CMD ["/b"]',
    ]);
    expect(made.notes.join('\n')).toContain('kaniko');
  });

  it('writes the command of a committed container as a comment', () => {
    const committed = rebuilt([{ by: '/bin/sh -c #(nop)  ENV A=b', empty: true }, { by: 'bash' }]);
    expect(linesOf(committed).at(-1)).toBe('o # bash');
    expect(committed.lines.at(-1)!.note).toContain('committed');
  });

  it('lists the config settings of an image without history', () => {
    expect(linesOf(rebuilt([], { Cmd: ['/hello'] }))).toEqual(['i FROM scratch', 'i CMD ["/hello"]']);
  });

  it('parses hostile text in linear time', () => {
    const many = 300_000;
    const texts = [
      `ENV A=${' '.repeat(many)}x`,
      `ENV A=${'b '.repeat(many)}`,
      `ENV A="${'b'.repeat(20_000_000)}"`,
      `CMD ["${'b'.repeat(20_000_000)}"]`,
      `LABEL ${'a=b '.repeat(20_000)}`,
      `CMD ["${'\\"'.repeat(many)}`,
      `CMD [${'"'.repeat(many)}x]`,
      `HEALTHCHECK &{${'['.repeat(many)}"x"}`,
      `HEALTHCHECK &{["${'"]x'.repeat(many)}}`,
      `COPY file:${'a'.repeat(64)} in a${' '.repeat(many)}b`,
      `COPY ${'file:aaaaaaaaaaaa '.repeat(many / 10)}`,
    ];
    for (const text of texts) {
      expect(
        rebuilt([buildkit(text), buildkit('CMD ["x"]'), buildkit('HEALTHCHECK NONE')]).lines,
      ).toHaveLength(4);
    }
  });
});
