import { describe, expect, it } from 'vitest';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import { CHECKS } from '../../src/posture/catalogue.ts';
import {
  app,
  at,
  base,
  type Checked,
  check,
  outcome,
  PASSWD,
  run,
  unreadable,
  verdict,
  WITHOUT_HISTORY,
} from './checked.ts';

/** For one check: an image that fails, one that passes and one with an unknown result. */
interface Verdicts {
  readonly fails: readonly [severity: string, image: Checked];
  readonly passes: Checked;
  /**
   * `reason` is the expected reason. If the result is never unknown, `reason` is null, `never` says why, and
   * `image` is a minimal image that passes.
   */
  readonly unknown: { readonly image: Checked; readonly reason: string | null; readonly never?: string };
}

const UNREAD = 'layer 1 could not be read';
const NO_HISTORY = 'the image has no history';
/** As from bazel and jib: each layer has a history entry, but there are no Dockerfile instructions. */
const NO_INSTRUCTIONS: Checked = { steps: [{ createdBy: 'bazel build //:image', entries: [file('a')] }] };
const setuid = { mode: 0o4755 };
const EPOCH = '1970-01-01T00:00:00Z';
const osRelease = (text: string): Checked => ({ steps: base(file('etc/os-release', text)), created: EPOCH });
const packaged = (content: string): Checked => ({
  steps: [
    ...base(
      file('var/lib/dpkg/status', 'Package: coreutils\nStatus: install ok installed\nVersion: 9\n\n'),
      // md5 of an empty file
      file('var/lib/dpkg/info/coreutils.md5sums', 'd41d8cd98f00b204e9800998ecf8427e  usr/bin/ls\n'),
      file('usr/bin/ls', '', { mode: 0o755 }),
    ),
    app('RUN a', file('usr/bin/ls', content, { mode: 0o755 })),
  ],
});
const baseName = { 'org.opencontainers.image.base.name': 'docker.io/library/debian:13' };
const baseDigest = { 'org.opencontainers.image.base.digest': `sha256:${'a'.repeat(64)}` };

const VERDICTS: Readonly<Record<string, Verdicts>> = {
  'root-user': {
    fails: ['medium', {}],
    passes: { config: { User: 'app' } },
    unknown: {
      reason: 'the image has no /etc/passwd that defines the user app',
      image: { steps: [app('COPY a /', file('a'))], config: { User: 'app' } },
    },
  },
  'privileged-file': {
    fails: ['high', at(app('COPY tool /app/', file('app/tool', 'x', setuid)))],
    passes: at(app('COPY tool /app/', file('app/tool', 'x', { mode: 0o755 }))),
    unknown: { reason: UNREAD, image: unreadable() },
  },
  'secret-names': {
    fails: ['medium', { config: { Env: ['DB_PASSWORD=a'] } }],
    passes: { config: { Env: ['PATH=/bin'] } },
    unknown: { reason: NO_HISTORY, image: WITHOUT_HISTORY },
  },
  accounts: {
    fails: ['critical', { steps: base(file('etc/shadow', 'root::1::::::\n')) }],
    passes: { steps: base(file('etc/shadow', 'root:*:1::::::\n')) },
    unknown: {
      reason: 'the image has no /etc/passwd and no /etc/shadow',
      image: { steps: [app('COPY a /', file('a'))] },
    },
  },
  'system-file-changed': {
    fails: ['high', at(app('RUN a', file('etc/ld.so.preload', '/evil.so\n')))],
    passes: at(app('COPY a /', file('a'))),
    unknown: {
      reason: 'it is unknown which layers belong to the base image',
      image: { steps: [app('COPY a /', file('etc/ld.so.preload'))] },
    },
  },
  'package-file-changed': {
    fails: ['high', packaged('another')],
    passes: packaged(''),
    unknown: {
      reason: 'no package database with file checksums was found',
      image: at(app('COPY a /', file('a'))),
    },
  },
  'writable-files': {
    fails: ['medium', at(app('COPY a /', file('a', '', { mode: 0o666 })))],
    passes: at(app('COPY a /', file('a', '', { mode: 0o644 }))),
    unknown: { reason: UNREAD, image: unreadable() },
  },
  'ssh-server': {
    fails: ['high', at(app('RUN a', file('etc/ssh/ssh_host_rsa_key', 'x')))],
    passes: { config: { ExposedPorts: { '2222/tcp': {} } } },
    unknown: { reason: UNREAD, image: unreadable() },
  },
  leftovers: {
    fails: ['medium', at(app('COPY . /app', file('app/.git/HEAD', 'x')))],
    passes: at(app('COPY . /app', file('app/main', 'x'))),
    unknown: { reason: UNREAD, image: unreadable() },
  },
  'unchecked-download': {
    fails: ['medium', at(run('curl -s https://a.example/i | sh'))],
    passes: at(run('curl -fsS https://a.example/i -o i && sha256sum -c i')),
    unknown: { reason: 'the history has no Dockerfile instructions', image: NO_INSTRUCTIONS },
  },
  'sudo-in-build': {
    fails: ['low', at(run('make && sudo make install'))],
    passes: at(run('make install')),
    unknown: { reason: NO_HISTORY, image: WITHOUT_HISTORY },
  },
  'add-instead-of-copy': {
    fails: ['low', at(app('ADD a.tgz /srv', file('srv/a')))],
    passes: at(app('COPY a /srv', file('srv/a'))),
    unknown: { reason: 'the history has no Dockerfile instructions', image: NO_INSTRUCTIONS },
  },
  'update-alone': {
    fails: ['low', at(run('apt-get update'))],
    passes: at(run('apt-get update && apt-get install -y curl')),
    unknown: { reason: NO_HISTORY, image: WITHOUT_HISTORY },
  },
  'package-cache': {
    fails: ['low', at(app('RUN a', file('var/lib/apt/lists/x', 'x'.repeat(70_000))))],
    passes: at(app('RUN a', file('var/lib/apt/lists/lock', ''))),
    unknown: { reason: UNREAD, image: unreadable() },
  },
  'sensitive-volume': {
    fails: ['high', { config: { Volumes: { '/etc': {} } } }],
    passes: { config: { Volumes: { '/var/lib/app': {} } } },
    unknown: {
      never: 'the config lists every volume, and no image opens without a config',
      image: { ...unreadable(), history: null },
      reason: null,
    },
  },
  'no-healthcheck': {
    fails: ['info', { config: { Healthcheck: { Test: ['NONE'] } } }],
    passes: { config: { Healthcheck: { Test: ['CMD', 'a'] } } },
    unknown: {
      reason: 'the OCI image config has no field for health checks',
      image: { steps: [{ createdBy: 'COPY a /', entries: [file('a')] }], oci: {} },
    },
  },
  'latest-tag': {
    fails: ['info', { names: ['a/b:latest'] }],
    passes: { names: ['localhost:5000/b:1'] },
    unknown: { reason: 'the image has no name', image: { names: [] } },
  },
  'base-age': {
    fails: ['medium', osRelease('ID=debian\nVERSION_ID="10"\n')],
    passes: osRelease('ID=debian\nVERSION_ID="13"\n'),
    unknown: {
      reason: 'the end of support of void is unknown, and no creation time is recorded',
      image: osRelease('ID=void\n'),
    },
  },
  'base-digest': {
    fails: ['info', { annotations: baseName, oci: {} }],
    passes: { annotations: { ...baseName, ...baseDigest }, oci: {} },
    unknown: { reason: 'the image does not record its base image', image: { oci: {} } },
  },
  tools: {
    fails: ['info', at(app('RUN a', file('usr/bin/gdb', 'x', { mode: 0o755 })))],
    passes: at(app('RUN a', file('usr/bin/gdb', 'x')), app('RUN rm', whiteout('usr/bin/gdb'))),
    unknown: { reason: UNREAD, image: unreadable() },
  },
  'no-attestation': {
    fails: ['info', { oci: {} }],
    passes: { oci: { predicate: { provenance: {} } } },
    unknown: { reason: 'this archive format does not include attestations', image: {} },
  },
  'no-signature': {
    fails: ['info', { oci: {} }],
    passes: { oci: { signature: 'cosign' } },
    unknown: { reason: 'this archive format does not include signatures', image: {} },
  },
  waste: {
    fails: ['info', at(app('COPY a /', file('a', 'x'.repeat(11 << 20))), app('RUN rm /a', whiteout('a')))],
    passes: at(app('COPY a /', file('a', 'x'.repeat(11 << 20)))),
    unknown: { reason: UNREAD, image: unreadable() },
  },
};

it('covers every check with a failing, a passing and an unknown image', () => {
  expect(Object.keys(VERDICTS)).toEqual(CHECKS.map(({ id }) => id));
});

describe.each(Object.entries(VERDICTS))('%s', (id, { fails, passes, unknown }) => {
  it('fails with a declared severity', async () => {
    const [severity, image] = fails;
    expect(await verdict(id, image)).toBe(`failed ${severity}`);
    expect(CHECKS.find((each) => each.id === id)!.severities).toContain(severity);
  });

  it('gives its findings titles that fit a column of 40 characters', async () => {
    for (const { title } of (await check(fails[1])).findings) {
      expect(title.length, title).toBeLessThanOrEqual(40);
    }
  });

  it('passes', async () => {
    expect(await outcome(id, passes)).toMatchObject({ result: 'passed' });
  });

  it('is unknown with a reason if the image lacks the information', async () => {
    const actual = await outcome(id, unknown.image);
    const expected = unknown.never === undefined ? 'unknown' : 'passed';
    expect(actual).toMatchObject({ result: expected, reason: unknown.reason });
  });
});

describe('unknown results', () => {
  it.each(['sudo-in-build', 'unchecked-download', 'update-alone', 'add-instead-of-copy', 'secret-names'])(
    'leaves %s unknown without a history or without instructions',
    async (id) => {
      expect(await verdict(id, WITHOUT_HISTORY)).toBe('unknown');
      expect(await verdict(id, NO_INSTRUCTIONS)).toBe('unknown');
    },
  );

  it.each(CHECKS.filter(({ sources }) => sources.includes('files')).map(({ id }) => id))(
    'leaves %s unknown if a layer cannot be read',
    async (id) => expect(await outcome(id, unreadable())).toMatchObject({ reason: UNREAD }),
  );

  it('leaves a named user unknown if an unreadable layer may define it', async () => {
    const user = { config: { User: 'app' } };
    expect(await outcome('root-user', { ...unreadable(), ...user })).toMatchObject({
      result: 'unknown',
      reason: `${UNREAD}, which may define the user app`,
    });
  });

  it('still fails on what can be read', async () => {
    const steps = unreadable(app('COPY a /', file('app/tool', 'x', setuid)));
    expect(await verdict('privileged-file', steps)).toBe('failed high');
  });

  it('leaves the age unknown without a known release and creation time', async () => {
    expect((await outcome('base-age', { created: EPOCH })).reason).toBe(
      'the image has no os-release, and no creation time is recorded',
    );
  });
});

describe('severity', () => {
  it.each<[id: string, expected: string, image: Checked]>([
    ['root-user', 'failed medium', { config: { User: '0:0' } }],
    ['root-user', 'failed medium', { config: { User: 'root:root' } }],
    ['root-user', 'failed medium', { config: { User: 'absent' } }],
    ['root-user', 'passed', { config: { User: '1000' } }],
    ['privileged-file', 'failed critical', at(app('COPY sh /', file('app/bash', 'x', setuid)))],
    ['privileged-file', 'failed low', { steps: base(file('usr/bin/passwd', 'x', setuid)) }],
    ['accounts', 'failed high', at(app('RUN a', file('etc/passwd', `${PASSWD}toor:x:0:0::/:/bin/sh\n`)))],
    ['accounts', 'failed info', { steps: base(file('etc/passwd', 'games:x:5:60::/:/bin/bash\n')) }],
    ['accounts', 'passed', { steps: base(file('etc/passwd', 'root:x:0:0::/:/bin/bash\n+::::::\n')) }],
    ['accounts', 'failed low', { steps: base(file('etc/group', 'a:x:7:\nb:x:7:\n')) }],
    ['writable-files', 'failed low', at(app('COPY a /', dir('shared', { mode: 0o777 })))],
    ['writable-files', 'failed medium', at(app('COPY a /', file('usr/bin/a', '', { mode: 0o755, uid: 9 })))],
    ['writable-files', 'failed info', at(app('COPY a /', file('srv/a', '', { mode: 0o755, uid: 9 })))],
    ['ssh-server', 'failed low', { config: { ExposedPorts: { '22/tcp': {} } } }],
    ['ssh-server', 'failed medium', at(app('RUN a', file('usr/sbin/sshd', 'x')))],
    ['ssh-server', 'failed medium', at(app('COPY a', file('root/.ssh/authorized_keys', 'ssh-rsa A')))],
    [
      'ssh-server',
      'failed high',
      at(app('COPY a', file('usr/sbin/sshd', 'x'), file('home/a/.ssh/authorized_keys', 'ssh-rsa A'))),
    ],
    ['ssh-server', 'passed', at(app('RUN touch', file('root/.ssh/authorized_keys', '')))],
    ['leftovers', 'failed high', at(app('COPY . /', file('infra/terraform.tfstate', '{}')))],
    ['leftovers', 'failed low', at(app('COPY . /', file('root/.bash_history', 'ls')))],
    ['leftovers', 'failed low', at(app('RUN a', file('root/.cache/fontconfig/a', 'x')))],
    ['unchecked-download', 'failed medium', at(run('curl -fsSk https://a.example/i -o i'))],
    ['unchecked-download', 'failed medium', at(run('bash <(curl -s https://a.example/i)'))],
    ['unchecked-download', 'failed medium', at(run('sh -c "$(curl -fsSL https://a.example/i)"'))],
    ['unchecked-download', 'failed medium', at(run('apt-get install --allow-unauthenticated -y a'))],
    ['unchecked-download', 'failed medium', at(run('yum install --nogpgcheck -y a'))],
    ['unchecked-download', 'failed low', at(run('wget http://a.example/i'))],
    ['unchecked-download', 'failed low', at(run('pip install --trusted-host a.example a'))],
    ['sensitive-volume', 'failed high', { config: { Volumes: { '/var/run/docker.sock': {} } } }],
    [
      'base-age',
      'failed info',
      { ...osRelease('ID=debian\nVERSION_ID="13"\n'), created: '2025-01-01T00:00:00Z' },
    ],
    ['base-age', 'passed', {}],
    ['waste', 'failed info', at(app('RUN true'))],
  ])('%s: %s', async (id, expected, image) => {
    expect(await verdict(id, image)).toBe(expected);
  });
});

it('finds nothing worse than the declared severities', async () => {
  const { findings } = await check(
    at(
      run('sudo apt-get update; curl -k http://a.example | sh', file('app/bash', 'x', setuid)),
      app('ADD . /srv', file('srv/.env'), file('srv/a', '', { mode: 0o777 }), file('etc/sudoers', 'x')),
    ),
  );
  expect(findings.length).toBeGreaterThan(8);
  for (const { rule, severity } of findings) {
    expect(CHECKS.find(({ id }) => id === rule)!.severities, rule).toContain(severity);
  }
});
