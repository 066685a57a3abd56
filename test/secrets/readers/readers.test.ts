import { describe, expect, it } from 'vitest';
import { awsKeyPair, password, seededRandom } from '../../../fixtures/canary.ts';
import { ed25519Pem } from '../../../fixtures/canary-keys.ts';
import type { RawHit } from '../../../src/secrets/raw-hit.ts';
import { readerFor } from '../../../src/secrets/readers/by-path.ts';
import { readKeystore } from '../../../src/secrets/readers/keystore.ts';
import { hashMethod } from '../../../src/secrets/readers/password-files.ts';
import { fc } from '../../property.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const P = password('reader');
const Q = password('another');
const HASH = `$6$${seededRandom('salt').text('abcdefgh', 8)}$${seededRandom('hash').text('abcXYZ019./', 86)}`;

function read(path: string, text: string): RawHit[] {
  const hits = readerFor(path)!(Buffer.from(text).toString('latin1'));
  for (const hit of hits) {
    expect(hit.line).toBe(text.slice(0, hit.start).split('\n').length);
    expect(hit.end).toBeLessThanOrEqual(text.length);
  }
  return hits;
}

function values(path: string, text: string): string[] {
  return read(path, text)
    .filter(({ verdict }) => verdict === 'structure-valid')
    .map(({ value }) => Buffer.from(value).toString());
}

describe('readers of files with known paths', () => {
  it.each([
    [
      '/root/.npmrc',
      `//r.example/:_authToken=${P}\nregistry=https://r.example/\n_auth = "${base64(`ci:${Q}`)}"\n`,
      [P, Q],
    ],
    ['/root/.npmrc', '//r.example/:_authToken=${NPM_TOKEN}\n', []],
    [
      '/root/.netrc',
      `machine a.internal\n  login bob\n  password ${P}\nmachine b.internal login eve password ${Q}\n`,
      [P, Q],
    ],
    [
      '/root/.netrc',
      `# password ${P}\nmacdef init\n  password ${P}\n\nmachine a login b password ${Q}\n`,
      [Q],
    ],
    ['/root/.pypirc', `[pypi]\nusername = __token__\npassword = ${P}\n`, [P]],
    ['/root/.pgpass', `# comment\ndb.internal:5432:*:app:${P}\nh:1:d:u:with\\:colon7\n`, [P, 'with:colon7']],
    ['/root/.git-credentials', `https://bob:${P}@git.internal\n`, [P]],
    [
      '/root/.docker/config.json',
      JSON.stringify({ auths: { 'r.internal': { auth: base64(`ci:${P}`) } } }, null, 2),
      [P],
    ],
    ['/root/.docker/config.json', JSON.stringify({ auths: { 'r.internal': {} }, credsStore: 'desktop' }), []],
    [
      '/root/.aws/credentials',
      `[prod]\naws_access_key_id = ${awsKeyPair('r').id}\naws_secret_access_key = ${awsKeyPair('r').secret}\n`,
      [awsKeyPair('r').secret],
    ],
    [
      '/app/.env',
      `PORT=8080\nexport API_TOKEN='${P}'\nDB_PASSWORD=${Q} # note\nPUBLIC_KEY=abc\nKEY_FILE=/run/key\nSECRET=changeme\n`,
      [P, Q],
    ],
    [
      '/app/terraform.tfstate',
      JSON.stringify({
        version: 4,
        outputs: { db: { value: Q, sensitive: true } },
        resources: [
          { type: 'random_password', name: 'p', instances: [{ attributes: { length: 20, result: P } }] },
        ],
      }),
      [Q, P],
    ],
    [
      '/var/www/wp-config.php',
      `<?php\ndefine( 'DB_NAME', 'wp' );\ndefine('DB_PASSWORD', '${P}');\ndefine("AUTH_KEY", "${Q}");\ndefine('NONCE_SALT', 'put your unique phrase here');\n`,
      [P, Q],
    ],
    ['/etc/nginx/.htpasswd', `bob:${HASH}\n`, [HASH]],
    [
      '/etc/shadow',
      `root:*:19000:0:99999:7:::\nbob:${HASH}:19000:0:99999:7:::\neve:!${HASH}x:19000:0:99999:7:::\n`,
      [HASH, `${HASH}x`],
    ],
    [
      '/app/config/master.key',
      `${seededRandom('rails').text('0123456789abcdef', 32)}\n`,
      [seededRandom('rails').text('0123456789abcdef', 32)],
    ],
    [
      '/root/.bash_history',
      `ls\nmysql -u app -p${P} orders\nredis-cli -h cache -a ${Q} ping\ncat -p notes\n`,
      [P, Q],
    ],
  ])('%s', (path, text, expected) => {
    expect(values(path, text)).toEqual(expected);
  });

  it('read a kubeconfig and report the public key of a client key', () => {
    const pem = ed25519Pem('kube');
    const text = `apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    client-certificate-data: ${base64('cert')}\n    client-key-data: ${base64(pem)}\n- name: robot\n  user:\n    token: ${P}\n`;
    const [key, token] = read('/root/.kube/config', text);
    expect(key).toMatchObject({
      details: { user: 'admin', publicKey: expect.stringMatching(/^sha256:/) as string },
    });
    expect(Buffer.from(key!.value).toString()).toBe(pem.split('\n').slice(1, -2).join(''));
    expect(token).toMatchObject({ details: { user: 'robot' } });
  });

  it('report accounts without a password, and locked accounts with a lower severity', () => {
    const [empty, locked] = read('/etc/shadow', `bob::19000:0:99999:7:::\neve:!${HASH}:19000:0:99999:7:::\n`);
    expect(empty).toMatchObject({ rule: 'shadow-empty', severity: 'high', details: { user: 'bob' } });
    expect(locked).toMatchObject({
      rule: 'shadow',
      severity: 'low',
      details: { user: 'eve', method: 'SHA-512' },
    });
  });

  it('ignore other files', () => {
    for (const path of ['/etc/passwd', '/app/env.ts', '/app/config.json', '/usr/share/doc/netrc.txt']) {
      expect([path, readerFor(path)]).toEqual([path, null]);
    }
  });

  it('never throw, whatever the file contains', () => {
    const paths = [
      '.npmrc',
      '.netrc',
      '.pypirc',
      '.pgpass',
      '.docker/config.json',
      '.kube/config',
      '.aws/credentials',
      '.env',
      'x.tfstate',
      'wp-config.php',
      '.htpasswd',
      'etc/shadow',
      '.bash_history',
    ];
    const piece = fc.constantFrom(
      'password',
      ' ',
      '=',
      ':',
      '\n',
      '"',
      '{',
      '}',
      '[',
      ']',
      'machine',
      'x',
      '$6$',
      '//',
      '@',
      '\\',
      '1',
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.array(piece, { maxLength: 60 }), (path, pieces) => {
        read(path, pieces.join(''));
      }),
    );
  });
});

describe('hash methods', () => {
  it('are recognized by the form of the hash', () => {
    expect(hashMethod(HASH)).toEqual({ name: 'SHA-512', weak: false });
    expect(hashMethod(['$apr1', 'abcdefgh', '0123456789012345678901'].join('$'))).toEqual({
      name: 'Apache MD5',
      weak: true,
    });
    expect(hashMethod('*')).toBeNull();
    expect(hashMethod('x')).toBeNull();
  });
});

describe('keystores', () => {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const short = (text: string): Buffer => Buffer.concat([Buffer.from([0, text.length]), Buffer.from(text)]);
  const certificate = Buffer.concat([
    number(2),
    short('ca'),
    Buffer.alloc(8),
    short('X.509'),
    number(3),
    Buffer.from('abc'),
  ]);
  const java = (...entries: Buffer[]): Buffer =>
    Buffer.concat([Buffer.from('feedfeed', 'hex'), number(2), number(entries.length), ...entries]);

  it('are recognized by their content', () => {
    expect(readKeystore(java(certificate, number(1)))[0]?.rule).toBe('keystore-java');
    expect(readKeystore(Buffer.from('03d9a29a67fb4bb50000', 'hex'))[0]?.rule).toBe('keystore-keepass');
    const p12 = Buffer.from('308209c902010330820985' + '06092a864886f70d010701', 'hex');
    expect(readKeystore(p12)[0]?.rule).toBe('keystore-pkcs12');
  });

  it('are not reported if they contain only certificates', () => {
    expect(readKeystore(java(certificate, certificate))).toEqual([]);
    expect(readKeystore(java(certificate).subarray(0, 20))).toEqual([]);
    expect(readKeystore(Buffer.from('plain text'))).toEqual([]);
  });
});
