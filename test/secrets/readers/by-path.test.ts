import { describe, expect, it } from 'vitest';
import { pathOf } from '../../../src/secrets/readers/file-name.ts';
import { readerFor } from '../../../src/secrets/readers/by-path.ts';
import { mayHaveReader } from '../../../src/secrets/readers/path-words.ts';

describe('readerFor', () => {
  it.each([
    '/root/.npmrc',
    '/usr/etc/npmrc',
    '/root/.netrc',
    '/root/_netrc',
    '/root/.pypirc',
    '/root/.my.cnf',
    '/etc/mysql/debian.cnf',
    '/root/.pgpass',
    '/root/pgpass.conf',
    '/root/.git-credentials',
    '/root/.config/git/credentials',
    '/root/.docker/config.json',
    '/root/.dockercfg',
    '/run/containers/auth.json',
    '/secrets/.dockerconfigjson',
    '/root/.kube/config',
    '/srv/prod-kubeconfig.yaml',
    '/etc/kubernetes/admin.conf',
    '/root/.aws/credentials',
    '/root/.aws/config',
    '/app/.env',
    '/app/.env.production',
    '/app/prod.env',
    '/srv/terraform.tfstate',
    '/srv/terraform.tfstate.backup',
    '/var/www/wp-config.php',
    '/etc/nginx/.htpasswd',
    '/etc/htpasswd.users',
    '/etc/shadow',
    '/etc/gshadow-',
    '/rootfs/etc/shadow',
    '/root/.bash_history',
    '/root/.psql_history',
    '/root/.local/share/fish/fish_history',
    '/root/ConsoleHost_history.txt',
    '/root/.histfile',
    '/run/secrets/db_password',
    '/app/API-KEY.txt',
    '/app/client_secret',
    '/root/.vault-pass',
    '/app/config/master.key',
    '/app/config/credentials/production.key',
  ])('returns a reader for %s', (path) => {
    expect(readerFor(path)).not.toBeNull();
    expect(readerFor(path.slice(1))).not.toBeNull();
    // The quick check on the raw name must agree.
    const bytes = Buffer.from(path);
    expect(mayHaveReader(bytes, 1, bytes.length)).toBe(true);
  });

  it.each(['/etc/passwd', '/usr/bin/passwd', '/app/main.js', '/app/environment.ts', '/app/tokens/index.js'])(
    'returns null for %s',
    (path) => {
      expect(readerFor(path)).toBeNull();
    },
  );

  it('is skipped for names without any of the path words', () => {
    for (const name of ['usr/bin/env', 'app/main.js', 'pas/sword', 'etc/os-release', ''])
      expect([name, mayHaveReader(Buffer.from(`pass ${name}`), 5, 5 + name.length)]).toEqual([name, false]);
    expect(mayHaveReader(Buffer.from('app/API-KEY'), 0, 11)).toBe(true);
  });
});

it('drops empty and . segments from a path', () => {
  const segments = ['', '.', '..', 'a', '.b', 'b.', 'a.b'];
  const plain = (name: string): string =>
    `/${name
      .split('/')
      .filter((segment) => segment !== '' && segment !== '.')
      .join('/')}`;
  const names = segments.flatMap((a) => segments.flatMap((b) => segments.map((c) => `${a}/${b}/${c}`)));
  for (const name of [...segments, ...names])
    expect([name, pathOf(Buffer.from(name))]).toEqual([name, plain(name)]);
});
