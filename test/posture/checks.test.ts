import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dockerArchive, ociArchive } from '../../fixtures/forms.ts';
import { buildImage, type FixtureStep, type ImageOptions } from '../../fixtures/image.ts';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { alignHistory } from '../../src/history/align.ts';
import { findBase, originsOf } from '../../src/history/base.ts';
import { splitCommands } from '../../src/posture/commands.ts';
import { type PostureResult, runChecks } from '../../src/posture/run-checks.ts';
import { readSubject } from '../../src/posture/subject.ts';
import { stackedImage } from '../stacked.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'exhume-posture-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of the shape that crypt(3) gives for sha512; of no password. */
const HASH = `$6$${'s'.repeat(8)}$${'h'.repeat(86)}`;
const BUILDKIT = 'buildkit.dockerfile.v0';
const PASSWD = 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/sbin/nologin\n';
const base = (...entries: ReturnType<typeof file>[]): FixtureStep[] => [
  {
    createdBy: '/bin/sh -c #(nop) ADD file:base in / ',
    entries: [dir('etc'), file('etc/passwd', PASSWD), ...entries],
  },
  { createdBy: '/bin/sh -c #(nop)  CMD ["sh"]', empty: true },
];
const app = (createdBy: string, ...entries: ReturnType<typeof file>[]): FixtureStep => ({
  createdBy: `${createdBy} # buildkit`,
  comment: BUILDKIT,
  entries,
});
const run = (text: string): FixtureStep => app(`RUN /bin/sh -c ${text}`, file('tmp/x', 'x'));

let count = 0;

async function check(
  options: Partial<ImageOptions>,
  form: 'docker' | 'oci' = 'docker',
): Promise<PostureResult> {
  const image = await buildImage({ steps: base(), names: ['exhume/posture:1'], ...options });
  const target = path.join(folder, `${count++}.tar`);
  writeFileSync(
    target,
    form === 'oci' ? await ociArchive([image]) : await dockerArchive([image], { form: 'podman' }),
  );
  const stacked = await stackedImage(target);
  const { annotations, config, layers } = stacked.image;
  const history = alignHistory(config.history, layers.length);
  const signs = findBase({ annotations, config, history, provenance: null });
  const origins = originsOf(signs, layers.length);
  return runChecks(await readSubject({ stacked, history, origins, base: signs }, new Date('2026-01-20')));
}

async function result(id: string, options: Partial<ImageOptions>, form?: 'docker' | 'oci'): Promise<string> {
  const { findings, outcomes } = await check(options, form);
  const outcome = outcomes.find((each) => each.id === id)!;
  const worst = findings.find(({ rule }) => rule === id);
  return outcome.result === 'failed' ? `failed ${worst!.severity}` : outcome.result;
}

const at = (...steps: FixtureStep[]): Partial<ImageOptions> => ({ steps: [...base(), ...steps] });

const withoutHistory = (more: Partial<ImageOptions> = {}): Partial<ImageOptions> => ({
  history: null,
  ...more,
});
const unreadable = (...steps: FixtureStep[]): Partial<ImageOptions> =>
  at(...steps, { createdBy: 'COPY lost /', missing: true, entries: [file('lost')] });

describe('each check fails, passes, and is not known where the image does not tell', () => {
  it.each<[id: string, expected: string, options: Partial<ImageOptions>]>([
    ['root-user', 'failed medium', {}],
    ['root-user', 'failed medium', { config: { User: '0:0' } }],
    ['root-user', 'failed medium', { config: { User: 'absent' } }],
    ['root-user', 'passed', { config: { User: 'app' } }],
    ['root-user', 'passed', { config: { User: '1000' } }],
    ['root-user', 'unknown', { steps: [app('COPY a /', file('a'))], config: { User: 'app' } }],
    ['privileged-file', 'failed high', at(app('COPY su /app/', file('app/tool', 'x', { mode: 0o4755 })))],
    ['privileged-file', 'failed critical', at(app('COPY sh /', file('app/bash', 'x', { mode: 0o4755 })))],
    ['privileged-file', 'failed low', { steps: base(file('usr/bin/passwd', 'x', { mode: 0o4755 })) }],
    // Not where distributions have it.
    ['privileged-file', 'failed high', at(app('COPY su /', file('tmp/su', 'x', { mode: 0o4755 })))],
    ['privileged-file', 'passed', at(app('COPY a /', file('a', 'x', { mode: 0o755 })))],
    ['secret-names', 'failed medium', { config: { Env: ['DB_PASSWORD=a'] } }],
    ['secret-names', 'passed', { config: { Env: ['MONKEY=a', 'PUBLIC_KEY=b', 'KEY_FILE=/c', 'TOKEN='] } }],
    ['accounts', 'failed critical', { steps: base(file('etc/shadow', 'root::1::::::\n')) }],
    ['accounts', 'passed', { steps: base(file('etc/shadow', 'root:*:1::::::\napp:!:1::::::\n')) }],
    ['accounts', 'failed high', at(app('RUN a', file('etc/passwd', `${PASSWD}toor:x:0:0::/:/bin/sh\n`)))],
    ['accounts', 'failed low', { steps: base(file('etc/shadow', `app:${HASH}:1::::::\n`)) }],
    ['accounts', 'failed info', { steps: base(file('etc/shadow', `app:!${HASH}:1::::::\n`)) }],
    ['accounts', 'failed info', { steps: base(file('etc/passwd', 'games:x:5:60::/:/bin/bash\n')) }],
    ['accounts', 'passed', { steps: base(file('etc/passwd', 'root:x:0:0::/:/bin/bash\n+::::::\n')) }],
    ['accounts', 'failed low', { steps: base(file('etc/group', 'a:x:7:\nb:x:7:\n')) }],
    ['accounts', 'unknown', { steps: [app('COPY a /', file('a'))] }],
    ['system-file-changed', 'failed high', at(app('RUN a', file('etc/ld.so.preload', '/evil.so\n')))],
    ['system-file-changed', 'passed', at(app('COPY a /', file('a')))],
    ['system-file-changed', 'unknown', { steps: [app('COPY a /', file('etc/ld.so.preload'))] }],
    ['writable-files', 'failed medium', at(app('COPY a /', file('a', '', { mode: 0o666 })))],
    ['writable-files', 'failed low', at(app('COPY a /', dir('shared', { mode: 0o777 })))],
    ['writable-files', 'passed', at(app('COPY a /', dir('tmp', { mode: 0o1777 })))],
    ['writable-files', 'failed medium', at(app('COPY a /', file('usr/bin/a', '', { mode: 0o755, uid: 9 })))],
    ['ssh-server', 'failed high', at(app('RUN a', file('etc/ssh/ssh_host_rsa_key', 'x')))],
    ['ssh-server', 'failed low', { config: { ExposedPorts: { '22/tcp': {} } } }],
    ['ssh-server', 'passed', { config: { ExposedPorts: { '2222/tcp': {} } } }],
    ['leftovers', 'failed medium', at(app('COPY . /app', file('app/.git/HEAD', 'x')))],
    ['leftovers', 'passed', at(app('COPY . /app', file('app/node_modules/a/.npmrc', 'x')))],
    ['unchecked-download', 'failed medium', at(run('curl -s https://a.example/i | sh'))],
    ['unchecked-download', 'failed medium', at(run('curl -fsSk https://a.example/i -o i'))],
    ['unchecked-download', 'passed', at(run('curl -fsS https://a.example/i -o i && sha256sum -c i'))],
    ['sudo-in-build', 'failed low', at(run('make && sudo make install'))],
    ['sudo-in-build', 'passed', at(run('apt-get install -y sudo'))],
    ['add-instead-of-copy', 'failed low', at(app('ADD a.tgz /srv', file('srv/a')))],
    ['add-instead-of-copy', 'passed', at(app('COPY a /srv', file('srv/a')))],
    ['update-alone', 'failed low', at(run('apt-get update'))],
    ['update-alone', 'passed', at(run('apt-get update && apt-get install -y curl'))],
    ['package-cache', 'failed low', at(app('RUN a', file('var/lib/apt/lists/x', 'x'.repeat(70_000))))],
    ['package-cache', 'passed', at(app('RUN a', file('var/lib/apt/lists/lock', '')))],
    ['sensitive-volume', 'failed high', { config: { Volumes: { '/etc': {} } } }],
    ['sensitive-volume', 'passed', { config: { Volumes: { '/var/lib/app': {} } } }],
    ['no-healthcheck', 'failed info', { config: { Healthcheck: { Test: ['NONE'] } } }],
    ['no-healthcheck', 'passed', { config: { Healthcheck: { Test: ['CMD', 'a'] } } }],
    ['latest-tag', 'failed info', { names: ['a/b:latest'] }],
    ['latest-tag', 'passed', { names: ['localhost:5000/b:1'] }],
    ['latest-tag', 'unknown', { names: [] }],
    ['base-age', 'failed medium', { steps: base(file('etc/os-release', 'ID=debian\nVERSION_ID="10"\n')) }],
    ['base-age', 'passed', { steps: base(file('etc/os-release', 'ID=debian\nVERSION_ID="13"\n')) }],
    ['tools', 'failed info', at(app('RUN a', file('usr/bin/gdb', 'x', { mode: 0o755 })))],
    ['tools', 'passed', at(app('RUN a', file('usr/bin/gdb', 'x')), app('RUN rm', whiteout('usr/bin/gdb')))],
    ['no-attestation', 'unknown', {}],
  ])('%s: %s', async (id, expected, options) => {
    expect(await result(id, options)).toBe(expected);
  });

  it.each(['sudo-in-build', 'unchecked-download', 'update-alone', 'add-instead-of-copy', 'secret-names'])(
    '%s is not known without a history, nor of one without instructions',
    async (id) => {
      expect(await result(id, withoutHistory())).toBe('unknown');
      expect(await result(id, { steps: [{ createdBy: 'bazel build //:image', entries: [file('a')] }] })).toBe(
        'unknown',
      );
    },
  );

  it.each([
    'privileged-file',
    'accounts',
    'writable-files',
    'ssh-server',
    'leftovers',
    'package-cache',
    'tools',
    'waste',
  ])('%s is not known where a layer cannot be read', async (id) => {
    expect(await result(id, unreadable())).toBe('unknown');
  });

  it('what can be read of an image with a missing layer still fails', async () => {
    const steps = unreadable(app('COPY a /', file('app/tool', 'x', { mode: 0o4755 })));
    expect(await result('privileged-file', steps)).toBe('failed high');
  });

  it('what a pure OCI config cannot say is not known', async () => {
    const steps = [{ createdBy: 'COPY a /', entries: [file('a')] }];
    expect(await result('no-healthcheck', { steps }, 'oci')).toBe('unknown');
    expect(await result('no-attestation', { steps }, 'oci')).toBe('failed info');
  });
});

it('a chmod in a later layer leaves the setuid copy below, and the finding says since when and until when', async () => {
  const { findings } = await check(
    at(
      app('COPY tool /app/', file('app/tool', 'x', { mode: 0o4755 })),
      app('RUN chmod', file('app/tool', 'x', { mode: 0o755 })),
    ),
  );
  const found: Finding = findings.find(({ rule }) => rule === 'privileged-file')!;
  expect(found).toMatchObject({
    severity: 'medium',
    state: 'shadowed',
    origin: 'application',
    introducedBy: 'COPY tool /app/',
    reason: 'set in layer 1, cleared in layer 2',
  });
});

it('a value of the config names the instruction that set it, and whose that is', async () => {
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
  // Emptied since, but the history has it.
  expect(by('secret-names')).toMatchObject({ where: { surface: 'history' }, state: 'live' });
});

it('the same problem at two places is one finding with two', async () => {
  const arg = { createdBy: 'ARG NPM_TOKEN', comment: BUILDKIT, empty: true } as const;
  const { findings } = await check(at(arg, app('COPY a /', file('a')), arg));
  const found = findings.filter(({ rule }) => rule === 'secret-names');
  expect(found.map(({ occurrences }) => occurrences.length)).toEqual([2]);
});

it('of too many places those are kept that a container sees', async () => {
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
    reason: '251 in all layers; 51 more places',
  });
});

it("a package's file that a later layer changed is told, with the package", async () => {
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

  it('setuid ones of a distribution are one finding, low, with the package that ships each', async () => {
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
          'Start containers with --security-opt no-new-privileges: then none of them has an effect.',
        ],
      },
    ]);
  });

  it('one with another content than its package ships is high, and so is one that no package lists', async () => {
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

  it('important ones that an application layer installs with their package are no change of it', async () => {
    const installed = packages('sudo', ['etc/sudoers', 'root ALL=(ALL:ALL) ALL']);
    const steps = [...base(), app('RUN apt-get install sudo', ...installed)];
    expect(of(await check({ steps }), 'system-file-changed')).toEqual([]);
    const changed = app('RUN echo >> /etc/sudoers', file('etc/sudoers', 'app ALL=(ALL) NOPASSWD: ALL'));
    expect(of(await check({ steps: [...steps, changed] }), 'system-file-changed')).toMatchObject([
      { severity: 'high', where: { path: '/etc/sudoers', layer: 2 } },
    ]);
  });

  it('the bundle that ca-certificates makes when it is installed is told apart from a certificate put there', async () => {
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

it('ids are the same for the same problem of another build', async () => {
  const one = await check({});
  const two = await check(at(app('COPY a /', file('a', 'other'))));
  const idOf = ({ findings }: PostureResult): string => findings.find(({ rule }) => rule === 'root-user')!.id;
  expect(idOf(one)).toBe(idOf(two));
});

it.each([
  ['a && b; c | d', [['a'], ['b'], ['c'], ['d']]],
  ['echo "a && b" c', [['echo', '"a && b"', 'c']]],
  ['', []],
])('%j is taken apart into commands', (text, commands) => {
  expect(splitCommands(text)).toEqual(commands);
});
