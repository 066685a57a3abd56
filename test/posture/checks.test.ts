import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { file, whiteout } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { splitCommands } from '../../src/posture/commands.ts';
import type { PostureResult } from '../../src/posture/run-checks.ts';
import { app, at, base, BUILDKIT, check, run } from './checked.ts';

it('attributes a config value to the instruction that set it, and its origin', async () => {
  const { findings } = await check({
    steps: [
      ...base(),
      { createdBy: '/bin/sh -c #(nop)  ENV API_TOKEN=first', empty: true },
      { createdBy: 'VOLUME [/data /etc]', comment: BUILDKIT, empty: true },
      { createdBy: 'USER root', comment: BUILDKIT, empty: true },
      app('COPY a /', file('a')),
    ],
    config: { User: 'root', Volumes: { '/data': {}, '/etc': {} }, Env: ['API_TOKEN='] },
  });
  const by = (id: string): Partial<Finding> => findings.find(({ rule }) => rule === id)!;
  expect(by('root-user')).toMatchObject({ introducedBy: 'USER root', origin: 'application' });
  expect(by('sensitive-volume')).toMatchObject({ introducedBy: 'VOLUME [/data /etc]' });
  // Cleared by a later ENV, but still in the history.
  expect(by('secret-names')).toMatchObject({ where: { surface: 'history' }, state: 'metadata' });
});

it('merges the same problem at two places into one finding', async () => {
  const arg = { createdBy: 'ARG NPM_TOKEN', comment: BUILDKIT, empty: true } as const;
  const { findings } = await check(at(arg, app('COPY a /', file('a')), arg));
  const found = findings.filter(({ rule }) => rule === 'secret-names');
  expect(found.map(({ occurrences }) => occurrences.length)).toEqual([2]);
});

it('keeps the live places if there are too many', async () => {
  const many = Array.from({ length: 250 }, (_, i) => file(`old/${i}`, '', { mode: 0o666 }));
  const { findings } = await check(
    at(
      app('COPY old /old', ...many),
      app('RUN rm -r /old', whiteout('old')),
      app('COPY new /', file('new', '', { mode: 0o666 })),
    ),
  );
  expect(findings.find(({ rule }) => rule === 'writable-files')).toMatchObject({
    state: 'live',
    where: { path: '/new' },
    reason: '251 across all layers; 51 more places',
  });
});

it('reports a packaged file that a later layer changed, with its package', async () => {
  const hash = '0'.repeat(32);
  const { findings } = await check({
    steps: [
      ...base(
        file('var/lib/dpkg/status', 'Package: coreutils\nStatus: install ok installed\nVersion: 9\n\n'),
        file('var/lib/dpkg/info/coreutils.md5sums', `${hash}  usr/bin/ls\n`),
        file('usr/bin/ls', 'ls', { mode: 0o755 }),
      ),
      app('RUN a', file('usr/bin/ls', 'other', { mode: 0o755 })),
    ],
  });
  expect(findings.find(({ rule }) => rule === 'package-file-changed')).toMatchObject({
    severity: 'high',
    where: { path: '/usr/bin/ls', layer: 1 },
  });
});

describe('files that packages ship', () => {
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const packages = (name: string, ...shipped: readonly (readonly [path: string, content: string])[]) => [
    file('var/lib/dpkg/status', `Package: ${name}\nStatus: install ok installed\nVersion: 4.13\n\n`),
    file(
      `var/lib/dpkg/info/${name}.md5sums`,
      shipped.map(([place, content]) => `${md5(content)}  ${place}\n`).join(''),
    ),
    ...shipped.map(([place, content]) =>
      file(place, content, { mode: /bin\//.test(place) ? 0o4755 : 0o644 }),
    ),
  ];
  const of = ({ findings }: PostureResult, id: string): Partial<Finding>[] =>
    findings.filter(({ rule }) => rule === id);

  it('merges the setuid files of a distribution into one low finding with their packages', async () => {
    const shipped = packages('passwd', ['usr/bin/passwd', 'a'], ['usr/bin/chsh', 'b']);
    const steps = [...base(...shipped), app('COPY a /', file('a'))];
    expect(of(await check({ steps }), 'privileged-file')).toMatchObject([
      {
        severity: 'low',
        origin: 'base',
        occurrences: [{}, {}],
        details: { '/usr/bin/passwd': 'passwd 4.13', '/usr/bin/chsh': 'passwd 4.13' },
        remediation: [
          'RUN chmod a-s /usr/bin/passwd /usr/bin/chsh',
          'Start containers with --security-opt no-new-privileges, so that these bits and capabilities have no effect.',
        ],
      },
    ]);
  });

  it('rates modified and unpackaged setuid files as high', async () => {
    const checked = await check({
      steps: [
        ...base(...packages('passwd', ['usr/bin/passwd', 'a'])),
        app(
          'RUN a',
          file('usr/bin/passwd', 'not a', { mode: 0o4755 }),
          file('opt/it is', '', { mode: 0o4755 }),
        ),
      ],
    });
    const found = of(checked, 'privileged-file');
    expect(found.map(({ severity, where }) => [where!.path, severity]).toSorted()).toEqual([
      ['/opt/it is', 'high'],
      ['/usr/bin/passwd', 'high'],
    ]);
    expect(found.find(({ where }) => where!.path === '/opt/it is')).toMatchObject({
      reason: 'set in layer 1; no package lists it',
      remediation: [expect.stringContaining("RUN chmod a-s '/opt/it is', in the instruction")],
    });
  });

  it('ignores important files that a package of an application layer installs', async () => {
    const installed = packages('sudo', ['etc/sudoers', 'root ALL=(ALL:ALL) ALL']);
    const steps = [...base(), app('RUN apt-get install sudo', ...installed)];
    expect(of(await check({ steps }), 'system-file-changed')).toEqual([]);
    const changed = app('RUN echo >> /etc/sudoers', file('etc/sudoers', 'app ALL=(ALL) NOPASSWD: ALL'));
    expect(of(await check({ steps: [...steps, changed] }), 'system-file-changed')).toMatchObject([
      { severity: 'high', where: { path: '/etc/sudoers', layer: 2 } },
    ]);
  });

  it('distinguishes the bundle generated by ca-certificates from an added certificate', async () => {
    const installed = packages('ca-certificates', ['usr/sbin/update-ca-certificates', '#!']);
    const bundle = file('etc/ssl/certs/ca-certificates.crt', 'x');
    const made = app('RUN apt-get install ca-certificates', ...installed, bundle);
    expect(of(await check({ steps: [...base(), made] }), 'system-file-changed')).toMatchObject([
      { severity: 'info' },
    ]);
    const put = app('COPY ca.crt /etc/ssl/certs/', file('etc/ssl/certs/ca.crt', 'x'));
    expect(of(await check({ steps: [...base(), made, put] }), 'system-file-changed')).toMatchObject([
      { severity: 'medium', where: { path: '/etc/ssl/certs/ca.crt' } },
      { severity: 'info' },
    ]);
  });
});

it('gives the same problem the same id in another build', async () => {
  const one = await check({});
  const two = await check(at(app('COPY a /', file('a', 'other'))));
  const idOf = ({ findings }: PostureResult): string => findings.find(({ rule }) => rule === 'root-user')!.id;
  expect(idOf(one)).toBe(idOf(two));
});

it.each([
  ['a && b; c | d', [['a'], ['b'], ['c'], ['d']]],
  ['echo "a && b" c', [['echo', '"a && b"', 'c']]],
  ["echo 'a; b' 'c", [['echo', "'a; b'", 'c']]],
  ['echo "a \\" ; b" ; "c', [['echo', '"a \\" ; b"'], ['c']]],
  ['', []],
])('%j is taken apart into commands', (text, commands) => {
  expect(splitCommands(text)).toEqual(commands);
});

it('parses very long RUN lines in linear time', async () => {
  const texts = ['curl ', "'a;", '"\\', 'curl -kkkk!|', 'sh <(', ' '].map((part) => part.repeat(60_000));
  const steps = texts.map((text) => run(`${text}end`));
  const { outcomes } = await check(at(...steps));
  expect(outcomes.find(({ id }) => id === 'unchecked-download')!.result).toBe('passed');
});
