import { describe, expect, it } from 'vitest';
import { placeOn } from '../../../src/finding/where.ts';
import { guessReason } from '../../../src/secrets/scan/guesses.ts';

const at = (path: string, ...inside: string[]): ReturnType<typeof placeOn> =>
  placeOn({ surface: 'file', layer: 0, path, inside });

describe('a value found only by name', () => {
  it.each([
    '/usr/local/go/src/crypto/hpke/testdata/hpke-pq.json',
    '/usr/local/go/src/net/url/url_test.go',
    '/app/tests/unit/settings.py',
    '/app/src/login.spec.ts',
    '/usr/lib/python3/dist-packages/oauthlib/oauth1/rfc5849/signature.py',
    '/usr/lib/node_modules/npm/node_modules/@npmcli/arborist/README.md',
    '/usr/share/doc/docker-registry/spec/auth/oauth.md.gz',
    '/usr/share/man/de/man5/apt.conf.5.gz',
    '/app/CHANGELOG',
  ])('is suppressed in %s', (path) => {
    expect(guessReason('secret-assignment', at(path))).toMatch(/^found only by name/);
    expect(guessReason('url-password', at(path))).not.toBeNull();
  });

  it('is suppressed in a library archive', () => {
    const where = at('/app/lib/all.jar', 'zip:site-packages/x/settings.py');
    expect(guessReason('token-assignment', where)).not.toBeNull();
  });

  it.each([
    '/app/.env',
    '/app/config/settings.py',
    '/srv/latest/config.yml',
    '/etc/myapp/contest.conf',
    '/app/src/attestation.ts',
    '/home/dev/historical/db.ini',
  ])('is reported in %s', (path) => {
    expect(guessReason('secret-assignment', at(path))).toBeNull();
  });

  it('is reported in the history and the environment', () => {
    const where = placeOn({ surface: 'env', key: 'tests/SECRET', path: '/app/tests/x' });
    expect(guessReason('secret-assignment', where)).toBeNull();
  });
});

it('reports a distinctive format everywhere', () => {
  expect(guessReason('github-personal-token', at('/app/tests/fixtures/x.json'))).toBeNull();
  expect(guessReason('private-key-rsa', at('/app/tests/key.pem'))).toBeNull();
});
