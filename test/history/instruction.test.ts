import { describe, expect, it } from 'vitest';
import { declaredArgs, defaultOfArg, parseInstruction } from '../../src/history/instruction.ts';

const by = (createdBy: string | null, comment: string | null = null) => ({ createdBy, comment });
const BUILDKIT = 'buildkit.dockerfile.v0';

describe('displayed instructions', () => {
  it.each([
    ['classic metadata', '/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]'],
    ['classic ADD', '/bin/sh -c #(nop) ADD file:ce026b62 in / ', 'ADD file:ce026b62 in /'],
    ['classic RUN', '/bin/sh -c apt-get update', 'RUN apt-get update'],
    ['continued lines', '/bin/sh -c set -eux; \t\tgroupadd x; \tid', 'RUN set -eux; groupadd x; id'],
    ['another shell', '/bin/bash -o pipefail -c #(nop)  ENV A=b', 'ENV A=b'],
    ['another shell', '/bin/bash -eo pipefail -c curl x | sh', 'RUN curl x | sh'],
    ['another shell', '/bin/bash --login -ec make', 'RUN make'],
    ['another shell', '/usr/bin/python3 -c print(1)', 'RUN print(1)'],
    ['Windows', 'cmd /S /C #(nop)  ENV A=b', 'ENV A=b'],
    ['Windows', 'cmd /S /C dir c:\\', 'RUN dir c:\\'],
    ['PowerShell', "powershell -Command $ErrorActionPreference = 'Stop'; #(nop) ENV A=b", 'ENV A=b'],
    ['no builder comment', '/bin/sh -c echo "#(nop) x"', 'RUN echo "#(nop) x"'],
    ['build arguments', '|2 A=b C=d /bin/sh -c make', 'RUN make'],
    ['buildah', '/bin/sh -c #(nop) COPY file:5543058c in /app/.env ', 'COPY file:5543058c in /app/.env'],
    [
      'newer buildah',
      '/bin/sh -c #(nop) HEALTHCHECK NONE|unsetLabel=true|inheritLabels=false|force-mtime=10',
      'HEALTHCHECK NONE',
    ],
    ['newer buildah', '/bin/sh -c make all|inheritLabels=false', 'RUN make all'],
    ['a pipe that is the command', '/bin/sh -c cat a |B=c sh', 'RUN cat a |B=c sh'],
    ['kaniko', 'RUN cp /a /b', 'RUN cp /a /b'],
    ['kaniko with a shell written by the author', 'RUN /bin/sh -c "id"', 'RUN /bin/sh -c "id"'],
    ['docker commit', 'bash', 'bash'],
    ['jib', 'jib-maven-plugin:3.4.0', 'jib-maven-plugin:3.4.0'],
    ['ko', 'ko build ko://example.com/app', 'ko build ko://example.com/app'],
    ['apko', 'apko', 'apko'],
    ['bazel', 'bazel build ...', 'bazel build ...'],
    ['a word that begins like a keyword', 'RUNNER start', 'RUNNER start'],
  ])('%s: %s', (_, createdBy, text) => {
    expect(parseInstruction(by(createdBy)).text).toBe(text);
  });

  it.each([
    ['RUN /bin/sh -c mkdir /a # buildkit', 'RUN mkdir /a'],
    ['RUN |1 A=b /bin/sh -c make # buildkit', 'RUN make'],
    ['RUN cmd /S /C dir # buildkit', 'RUN dir'],
    ['RUN /app/tool --flag # buildkit', 'RUN /app/tool --flag'],
    ['COPY a /b # buildkit', 'COPY a /b'],
    ['WORKDIR /app', 'WORKDIR /app'],
    ['HEALTHCHECK &{["CMD-SHELL" "true"] "0s"}', 'HEALTHCHECK &{["CMD-SHELL" "true"] "0s"}'],
  ])('BuildKit: %s', (createdBy, text) => {
    expect(parseInstruction(by(createdBy, BUILDKIT)).text).toBe(text);
  });

  it('falls back to the comment, then to an empty text', () => {
    expect(parseInstruction(by(null, 'Imported from -')).text).toBe('Imported from -');
    expect(parseInstruction(by('', null)).text).toBe('');
  });
});

describe('parseInstruction', () => {
  it('returns the stripped parts separately', () => {
    expect(parseInstruction(by('RUN |1 A=b /bin/bash -eo pipefail -c make # buildkit', BUILDKIT))).toEqual({
      keyword: 'RUN',
      text: 'RUN make',
      args: [{ name: 'A', value: 'b' }],
      argsAmbiguous: false,
      shell: '/bin/bash -eo pipefail -c',
      raw: 'RUN |1 A=b /bin/bash -eo pipefail -c make # buildkit',
    });
  });

  it('returns no keyword for text that is not an instruction', () => {
    expect(parseInstruction(by('bash')).keyword).toBeNull();
    expect(parseInstruction(by('/bin/sh -c #(nop)  CMD ["sh"]')).keyword).toBe('CMD');
  });

  it('returns the names declared by an ARG', () => {
    const names = (createdBy: string) => declaredArgs(parseInstruction(by(createdBy)));
    expect(names('/bin/sh -c #(nop)  ARG VERSION=1.2')).toEqual(['VERSION']);
    expect(names('ARG A=x B')).toEqual(['A', 'B']);
    expect(names('ENV A=x')).toEqual([]);
  });
});

describe('build arguments of a RUN', () => {
  const args = (createdBy: string, declared: string[] = []) => {
    const parsed = parseInstruction(by(createdBy), new Map(declared.map((name) => [name, null])));
    return [
      parsed.args.map(({ name, value }) => `${name}:${value}`).join(', '),
      parsed.text,
      parsed.argsAmbiguous ? 'guessed' : 'certain',
    ];
  };

  it('counts them by the number if no value has a space', () => {
    expect(args('|2 A=b C= /bin/sh -c make')).toEqual(['A:b, C:', 'RUN make', 'certain']);
    expect(args('|0 /bin/sh -c make')).toEqual(['', 'RUN make', 'certain']);
  });

  it('marks the end of a value as a guess if it has spaces', () => {
    expect(args('|1 A=b c /bin/sh -c make')).toEqual(['A:b c', 'RUN make', 'guessed']);
    expect(args('|1 A=b C=d /bin/sh -c make')).toEqual(['A:b, C:d', 'RUN make', 'guessed']);
  });

  it('uses declared names to find the end of a value', () => {
    expect(args('|1 A=b C=d /bin/sh -c make', ['A'])).toEqual(['A:b C=d', 'RUN make', 'certain']);
    expect(args('|2 A=b c D=e /bin/sh -c make', ['A', 'D'])).toEqual(['A:b c, D:e', 'RUN make', 'certain']);
  });

  it('accepts the word count of buildah', () => {
    expect(args('|3 A=hello big world /bin/sh -c make', ['A'])).toEqual([
      'A:hello big world',
      'RUN make',
      'certain',
    ]);
    expect(args('|3 A=hello big world /bin/sh -c make')).toEqual([
      'A:hello big world',
      'RUN make',
      'guessed',
    ]);
  });

  it('splits by the number alone in front of a command in exec form', () => {
    expect(args('|1 A=b tool --flag')).toEqual(['A:b', 'RUN tool --flag', 'guessed']);
    expect(args('|2 A=b')).toEqual(['', 'RUN A=b', 'guessed']);
  });

  it('uses declared values in front of a command in exec form', () => {
    const parsed = (createdBy: string) => {
      const declared = new Map([
        ['TITLE', 'a b'],
        ['V', '1'],
      ]);
      const { args: given, argsAmbiguous, text } = parseInstruction(by(createdBy), declared);
      return [given.map(({ name, value }) => `${name}:${value}`).join(', '), text, argsAmbiguous];
    };
    expect(parsed('|2 TITLE=a b V=1 /bin/tool x')).toEqual(['TITLE:a b, V:1', 'RUN /bin/tool x', false]);
    // --build-arg set another value, so its end is a guess.
    expect(parsed('|1 V=12 /bin/tool x')).toEqual(['V:12', 'RUN /bin/tool x', true]);
  });

  it.each<[text: string, expected: { name: string; value: string } | null]>([
    ['ARG TITLE=a b', { name: 'TITLE', value: 'a b' }],
    ['ARG TITLE="a b"', { name: 'TITLE', value: 'a b' }],
    ['ARG EMPTY=', { name: 'EMPTY', value: '' }],
    ['ARG NAME', null],
    ['ARG A=x B=y', null],
    ['ENV A=x', null],
  ])('%s declares a value: %j', (text, expected) => {
    expect(defaultOfArg(parseInstruction(by(text)))).toEqual(expected);
  });
});
