import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { jibImage } from '../../fixtures/other-builders.ts';
import { dir, file, type FixtureEntry, hardlink, whiteout } from '../../fixtures/tar.ts';
import { app, at, base, BUILDKIT, type Checked, check, outcome, run, verdict } from './checked.ts';
import type { Finding } from '../../src/finding/finding.ts';

/** In the sha512 format of crypt(3), but of no password. */
const HASH = `$6$${'s'.repeat(8)}$${'h'.repeat(86)}`;

async function foundBy(id: string, image: Checked): Promise<Finding[]> {
  return (await check(image)).findings.filter(({ rule }) => rule === id);
}

const setuid = (path: string): FixtureEntry => file(path, 'x', { mode: 0o4755 });

describe('the default user', () => {
  it.each<[user: string, reason: string]>([
    ['', 'the config sets no user, so the default user is root'],
    ['root', 'the default user is root'],
    ['root:root', 'the default user is root'],
    ['0:0', 'the default user is uid 0'],
    ['admin', 'the user admin has uid 0'],
    ['absent', 'the user absent is not in /etc/passwd, so the container cannot start'],
  ])('User %j fails: %s', async (user, reason) => {
    const steps = base(file('etc/passwd', 'root:x:0:0::/:\nadmin:x:0:0::/:\n'));
    const [found] = await foundBy('root-user', { steps, config: { User: user } });
    expect(found!.reason).toBe(reason);
    expect(found!.remediation.join(' ')).toContain('can be overridden');
  });

  it('looks up names in the final passwd, not in an older one', async () => {
    const image = at(app('RUN usermod', file('etc/passwd', 'app:x:0:0::/:\n')));
    expect(await verdict('root-user', { ...image, config: { User: 'app' } })).toBe('failed medium');
  });
});

it('cannot check HEALTHCHECK in an OCI config, which has no such field', async () => {
  const image: Checked = { steps: [{ createdBy: 'COPY a /', entries: [file('a')] }], oci: {} };
  expect(await outcome('no-healthcheck', image)).toMatchObject({
    result: 'unknown',
    reason: 'the OCI image config has no field for health checks',
  });
});

describe('update without install', () => {
  it.each<[expected: string, text: string]>([
    ['passed', 'apt-get update && apt-get install -y a'],
    ['passed', 'apt-get update; apt-get -y install a'],
    ['passed', 'apk add --update a'],
    ['failed low', 'apt-get -qq update'],
    ['failed low', 'apk update && true'],
    ['failed low', 'echo "apt-get install a" && apt-get update'],
    // With yum and dnf, update upgrades packages.
    ['passed', 'dnf -y update'],
    ['failed low', 'dnf makecache'],
  ])('%s: %s', async (expected, text) => {
    expect(await verdict('update-alone', at(run(text)))).toBe(expected);
  });

  it('fails if the install is in the next RUN', async () => {
    const image = at(run('apt-get update'), run('apt-get install -y a'));
    expect(await verdict('update-alone', image)).toBe('failed low');
  });

  it('treats the lines of a here-document as commands of one RUN', async () => {
    const image = at(run('<<EOF\napt-get update\napt-get install -y a\nEOF'));
    expect(await verdict('update-alone', image)).toBe('passed');
  });
});

describe('setuid, setgid', () => {
  it('ignores setgid directories', async () => {
    const image = at(app('RUN a', dir('var/mail', { mode: 0o2775 })));
    expect(await verdict('privileged-file', image)).toBe('passed');
  });

  it('reports a setuid copy below a later chmod, with both layers', async () => {
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

  it('reports a deleted setuid file one severity lower', async () => {
    const image = at(app('COPY a', setuid('app/tool')), app('RUN rm', whiteout('app/tool')));
    expect(await foundBy('privileged-file', image)).toMatchObject([
      { severity: 'medium', state: 'deleted', reason: 'set in layer 1, deleted in layer 2' },
    ]);
  });

  it.each(['usr/bin/su', 'usr/bin/mount', 'usr/bin/passwd', 'bin/umount', 'usr/lib/openssh/ssh-keysign'])(
    'rates %s of a distribution as low',
    async (path) => {
      expect(await verdict('privileged-file', { steps: base(setuid(path)) })).toBe('failed low');
    },
  );

  it.each<[what: string, image: Checked]>([
    ['copied there', at(app('COPY su /usr/bin/', setuid('usr/bin/su')))],
    ['copied elsewhere', at(app('COPY su /tmp/', setuid('tmp/su')))],
    [
      'set by chmod there',
      {
        steps: [
          ...base(
            file('var/lib/dpkg/status', 'Package: a\nStatus: install ok installed\nVersion: 1\n\n'),
            // md5 of "x"
            file('var/lib/dpkg/info/a.md5sums', '9dd4e461268c8034f5c8564e155c67a6  usr/bin/mount\n'),
            file('usr/bin/mount', 'x', { mode: 0o755 }),
          ),
          app('RUN chmod u+s /usr/bin/mount', setuid('usr/bin/mount')),
        ],
      },
    ],
  ])('rates one from an application layer as high: %s', async (_, image) => {
    expect(await verdict('privileged-file', image)).toBe('failed high');
  });

  it.each(['bin/bash', 'bin/dash', 'bin/busybox', 'usr/bin/python3.13', 'usr/bin/find', 'usr/bin/vim.basic'])(
    'rates setuid %s as critical, because it runs any command',
    async (path) => {
      expect(await verdict('privileged-file', { steps: base(setuid(path)) })).toBe('failed critical');
      expect(await verdict('privileged-file', at(app('COPY a', setuid(path))))).toBe('failed critical');
    },
  );

  it('detects a renamed copy of a shell', async () => {
    const shell = 'shell'.repeat(2000);
    const of = (content: string): Checked => ({
      steps: [
        ...base(file('bin/dash', shell, { mode: 0o755 })),
        run('cp', file('srv/tool', content, { mode: 0o4755 })),
      ],
    });
    expect(await foundBy('privileged-file', of(shell))).toMatchObject([
      { severity: 'critical', reason: 'set in layer 1; a copy of /bin/dash' },
    ]);
    // Another program of the same size.
    expect(await verdict('privileged-file', of('other'.repeat(2000)))).toBe('failed high');
  });

  it('lists capabilities by name', async () => {
    const xattrs = { 'security.capability': Buffer.from('0100000200040000000000000000000000000000', 'hex') };
    const image = at(app('COPY ping', file('app/probe', 'x', { mode: 0o755, xattrs })));
    expect(await foundBy('privileged-file', image)).toMatchObject([
      { title: 'File with capabilities', details: { capabilities: expect.stringContaining('cap_net_bind') } },
    ]);
  });
});

describe('ADD instead of COPY', () => {
  it('ignores every ADD of the base image', async () => {
    const added: Checked = {
      steps: [
        ...base().slice(0, 1),
        { createdBy: '/bin/sh -c #(nop) ADD file:a in /srv ', entries: [file('srv/a')] },
        { createdBy: '/bin/sh -c #(nop)  CMD ["sh"]', empty: true },
        app('COPY a /', file('a')),
      ],
    };
    expect(await verdict('add-instead-of-copy', added)).toBe('passed');
  });
});

describe('secrets in ENV and ARG', () => {
  it.each(['MONKEY=a', 'PUBLIC_KEY=a', 'KEY_FILE=/c', 'TOKEN_VERSION=2', 'TOKEN=', 'KEYBOARD=us'])(
    'ignores %s',
    async (variable) => {
      expect(await verdict('secret-names', { config: { Env: [variable] } })).toBe('passed');
    },
  );

  it.each(['DB_PASSWORD=a', 'GITHUB_TOKEN=a', 'app_secret=a', 'API-KEY=a'])(
    'reports %s',
    async (variable) => {
      expect(await verdict('secret-names', { config: { Env: [variable] } })).toBe('failed medium');
    },
  );
});

describe('secrets in ARG', () => {
  const arg = (text: string): Checked =>
    at({ createdBy: text, comment: BUILDKIT, empty: true }, app('COPY a /', file('a')));

  it.each<[expected: string, text: string]>([
    ['failed medium', 'ARG NPM_TOKEN'],
    ['failed medium', 'ARG VERSION=1 DB_PASSWORD=a'],
    ['failed medium', 'ARG A DB_PASSWORD'],
    // A value of two words, recorded without quotes.
    ['passed', 'ARG GREETING=the secret'],
  ])('%s: %s', async (expected, text) => {
    expect(await verdict('secret-names', arg(text))).toBe(expected);
  });
});

describe('downloads', () => {
  it.each<[expected: string, image: Checked]>([
    ['passed', at(run('curl -fsS https://a.example/key | gpg --dearmor > /k'))],
    ['passed', at(run('curl -fsSL -o kernel.tgz https://a.example/k'))],
    ['passed', at(run('wget http://localhost/health'))],
    ['failed medium', at(run('curl -sL https://a.example/setup | sudo -E bash -'))],
    ['failed medium', at(run('npm config set strict-ssl false'))],
    ['failed medium', at(run('GIT_SSL_NO_VERIFY=1 git clone https://a.example/a'))],
    ['failed low', at(app('ADD http://a.example/a.tgz /srv/', file('srv/a.tgz')))],
  ])('%s: %j', async (expected, image) => {
    expect(await verdict('unchecked-download', image)).toBe(expected);
  });
});

describe('sudo', () => {
  it.each<[expected: string, text: string]>([
    ['passed', 'apt-get install -y sudo'],
    ['passed', 'echo "sudo make me a sandwich"'],
    ['failed low', 'make && sudo make install'],
    ['failed low', 'DEBUG=1 /usr/bin/sudo -u app true'],
  ])('%s: %s', async (expected, text) => {
    expect(await verdict('sudo-in-build', at(run(text)))).toBe(expected);
  });
});

describe('package caches', () => {
  const lists = file('var/lib/apt/lists/a_Packages', 'x'.repeat(70_000));

  it('passes if a cache mount leaves an empty directory', async () => {
    const image = at(run('--mount=type=cache,target=/var/lib/apt apt-get update', dir('var/lib/apt')));
    expect(await verdict('package-cache', image)).toBe('passed');
  });

  it('fails if the cache is deleted in a later layer', async () => {
    const image = at(run('apt-get update', lists), run('rm', whiteout('var/lib/apt/lists/a_Packages')));
    expect(await foundBy('package-cache', image)).toMatchObject([
      { state: 'deleted', where: { layer: 1 }, occurrences: [{ removedIn: 2 }] },
    ]);
  });

  it('counts a hard-linked file once', async () => {
    const half = file('var/lib/apt/lists/a_Packages', 'x'.repeat(40_000));
    const link = hardlink('var/lib/apt/lists/b_Packages', 'var/lib/apt/lists/a_Packages');
    expect(await verdict('package-cache', at(run('apt-get update', half, link)))).toBe('passed');
  });

  it('passes if the same RUN deletes the cache', async () => {
    expect(await verdict('package-cache', at(run('apt-get update && rm', dir('var/lib/apt/lists'))))).toBe(
      'passed',
    );
  });

  it('ignores caches of the base image', async () => {
    expect(await verdict('package-cache', { steps: [...base(lists), run('a')] })).toBe('passed');
  });
});

it('checks the tag of the image, not the tag in FROM', async () => {
  const annotations = { 'org.opencontainers.image.base.name': 'docker.io/library/debian:latest' };
  expect(await verdict('latest-tag', { annotations, names: ['app:1'], oci: {} })).toBe('passed');
  expect(await verdict('latest-tag', { names: ['app'] })).toBe('failed info');
});

describe('accounts', () => {
  it.each<[expected: string, field: string]>([
    ['passed', '*'],
    ['passed', '!'],
    ['passed', '!!'],
    ['passed', '!*'],
    ['failed info', `!${HASH}`],
    ['failed low', HASH],
    ['failed critical', ''],
  ])('%s: the password field %j', async (expected, field) => {
    const steps = base(file('etc/shadow', `app:${field}:1::::::\n`));
    expect(await verdict('accounts', { steps })).toBe(expected);
  });

  it('limits the problems of a very long file', async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `a${i % 3000}:x:0:0::/:/bin/sh\n`).join('');
    const found = await foundBy('accounts', { steps: base(file('etc/passwd', lines)) });
    expect(found).toHaveLength(500);
    expect(found.every(({ occurrences }) => occurrences.length === 1)).toBe(true);
  });

  it('reports a password hash without printing it', async () => {
    const [found] = await foundBy('accounts', {
      steps: base(file('etc/shadow', `app:${HASH}:1::::::\n`)),
    });
    expect(JSON.stringify(found)).not.toContain('hhhh');
  });
});

describe('leftovers', () => {
  it.each([
    'app/node_modules/a/.npmrc',
    'usr/lib/python3/dist-packages/a/.gitconfig~',
    'usr/share/doc/a/Dockerfile',
    'app/vendor/a/.git/HEAD',
    'app/.env.example',
    // An executable.
    'app/core',
  ])("%s is a vendor's, or none", async (path) => {
    const mode = path === 'app/core' ? 0o755 : 0o644;
    expect(await verdict('leftovers', at(app('COPY . /', file(path, 'x', { mode }))))).toBe('passed');
  });

  it.each([
    'app/.git/HEAD',
    'app/.svn/wc.db',
    'app/.env',
    'root/.npmrc',
    'root/.aws/credentials',
    'root/.ssh/id_ed25519',
    'root/.bash_history',
    'app/Dockerfile',
    'app/docker-compose.yml',
    'app/terraform.tfstate',
    'app/.main.c.swp',
    'app/core.123',
    'app/.cache/a',
  ])('reports %s', async (path) => {
    expect(await verdict('leftovers', at(app('COPY . /', file(path, 'x'))))).toMatch(/^failed/);
  });

  it('reports a leftover that a later layer deleted', async () => {
    const image = at(app('COPY . /', file('app/.env', 'x')), app('RUN rm', whiteout('app/.env')));
    expect(await foundBy('leftovers', image)).toMatchObject([{ state: 'deleted' }]);
  });
});

it('notes that EXPOSE 22 is documentation only', async () => {
  expect(await foundBy('ssh-server', { config: { ExposedPorts: { '22/tcp': {} } } })).toMatchObject([
    { severity: 'low', reason: 'EXPOSE 22 (documentation only)' },
  ]);
});

it('does not report a package upgrade as a changed file', async () => {
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const shipped = (version: string): FixtureEntry[] => [
    file(
      'var/lib/dpkg/status',
      `Package: a\nStatus: install ok installed\nVersion: ${version}\n` +
        `Conffiles:\n /etc/pam.d/login ${md5(`conf ${version}`)}\n\n`,
    ),
    file('var/lib/dpkg/info/a.md5sums', `${md5(`program ${version}`)}  usr/bin/a\n`),
    file('etc/pam.d/login', `conf ${version}`),
    file('usr/bin/a', `program ${version}`, { mode: 0o755 }),
  ];
  const upgraded = { steps: [...base(...shipped('1')), run('apt-get upgrade -y', ...shipped('2'))] };
  expect(await verdict('package-file-changed', upgraded)).toBe('passed');
  expect(await verdict('system-file-changed', upgraded)).toBe('passed');
  const touched = file('etc/pam.d/login', 'auth sufficient pam_permit.so');
  const changed = { steps: [...upgraded.steps, run('echo', touched)] };
  expect(await verdict('package-file-changed', changed)).toBe('failed info');
  expect(await verdict('system-file-changed', changed)).toBe('failed medium');
});

describe('base', () => {
  it.each<[release: string, reason: string]>([
    ['ID=void\n', 'the end of support of void is unknown, and no creation time is recorded'],
    ['ID=debian\nVERSION_ID="99"\n', 'the end of support of debian 99 is unknown, and no'],
  ])('is unknown for %j', async (release, reason) => {
    const image = { steps: base(file('etc/os-release', release)), created: '1970-01-01T00:00:00Z' };
    expect((await outcome('base-age', image)).reason).toContain(reason);
  });

  it('ignores the fixed time of a reproducible build', async () => {
    for (const created of ['1970-01-01T00:00:00Z', '1970-01-01T00:00:01Z', '1980-01-01T00:00:00Z']) {
      expect(await verdict('base-age', { created })).toBe('unknown');
    }
  });
});

describe('age', () => {
  const old = base().map((step) => ({ ...step, created: '2025-01-20T00:00:00Z' }));

  it('is the age of the base, even if the image is newer', async () => {
    const image = { steps: [...old, app('COPY a /', file('a'))], created: '2026-01-15T00:00:00Z' };
    expect(await foundBy('base-age', image)).toMatchObject([
      { severity: 'info', reason: 'the base image was built 365 days ago' },
    ]);
  });

  it('is taken from the history if the image has a fixed time', async () => {
    expect(await outcome('base-age', { ...jibImage(), oci: {} })).toMatchObject({ result: 'passed' });
    const image = { steps: [...old, run('a')], created: '1970-01-01T00:00:01Z' };
    expect(await verdict('base-age', image)).toBe('failed info');
  });

  it('is the age of the image if no base is detected', async () => {
    expect(await foundBy('base-age', { created: '2025-01-20T00:00:00Z' })).toMatchObject([
      { reason: 'the image was built 365 days ago' },
    ]);
  });
});

describe('waste', () => {
  const large = (text: string): FixtureEntry => file('a', text.repeat(11 << 20));

  it('counts replaced and deleted copies as waste, but not the live one', async () => {
    expect(await verdict('waste', at(app('COPY a /', large('a'))))).toBe('passed');
    const replaced = await foundBy('waste', at(app('COPY a /', large('a')), app('COPY a /', large('b'))));
    expect(replaced[0]!.reason).toMatch(/^11,534,336 of /);
    const deleted = await foundBy('waste', at(app('COPY a /', large('a')), app('RUN rm', whiteout('a'))));
    expect(deleted[0]!.reason).toMatch(/^11,534,336 of /);
  });

  it('reports an empty layer with its instruction, but not a layer of whiteouts', async () => {
    const deletes = at(app('COPY a /', file('a', 'x')), app('RUN rm /a', whiteout('a')));
    expect(await verdict('waste', deletes)).toBe('passed');
    expect(await foundBy('waste', at(app('RUN true')))).toMatchObject([
      { title: 'Empty layer', reason: 'layer 1', introducedBy: 'RUN true' },
    ]);
  });
});

it('lists tools by the layer that added them', async () => {
  const bin = (name: string): FixtureEntry => file(`usr/bin/${name}`, 'x', { mode: 0o755 });
  const image = { steps: [...base(bin('apt'), bin('dpkg'), bin('bash')), run('a', bin('pip3'))] };
  const found = await foundBy('tools', image);
  expect(found.map(({ reason, severity }) => [severity, reason])).toEqual([
    ['info', 'package managers: apt, dpkg in layer 0; pip3 in layer 1'],
    ['info', 'shells: bash in layer 0'],
  ]);
});

describe('signature', () => {
  it('says that a missing signature proves nothing', async () => {
    expect(await foundBy('no-signature', { oci: {} })).toMatchObject([
      { severity: 'info', reason: expect.stringContaining('which proves nothing') },
    ]);
  });

  it('reports an existing signature as not verified', async () => {
    expect(await outcome('no-signature', { oci: { signature: 'bundle' } })).toMatchObject({
      result: 'passed',
      reason: '1 signature (sigstore bundle), not verified: this requires the key of the signer',
    });
  });

  it('distinguishes attestations and signatures', async () => {
    expect(await verdict('no-signature', { oci: { signature: 'cosign-att' } })).toBe('failed info');
    expect(await verdict('no-attestation', { oci: { signature: 'cosign-att' } })).toBe('passed');
    expect(await verdict('no-attestation', { oci: { signature: 'cosign' } })).toBe('failed info');
  });
});
