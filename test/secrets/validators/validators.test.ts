import { describe, expect, it } from 'vitest';
import { awsKeyPair, githubToken, password, seededRandom } from '../../../fixtures/canary.ts';
import { texture } from '../../../src/secrets/entropy.ts';
import { knownExampleReason, placeholderReason, reservedHost } from '../../../src/secrets/placeholders.ts';
import { base58Check, base58CheckValid } from '../../../src/secrets/validators/base58.ts';
import { bech32Encode, bech32Valid } from '../../../src/secrets/validators/bech32.ts';
import { base36Checksum, base62Checksum } from '../../../src/secrets/validators/crc32.ts';
import { readArmor } from '../../../src/secrets/validators/pem.ts';
import { awsAccount } from '../../../src/secrets/validators/tokens.ts';

describe('checksums', () => {
  it('of GitHub tokens match the fixture', () => {
    const token = githubToken('check').slice(4);
    expect(base62Checksum(token.slice(0, 30))).toBe(token.slice(30));
    expect(base62Checksum('')).toBe('000000');
    expect(base36Checksum('')).toBe('0000000');
  });

  it('of bech32 match the test vectors of BIP 173', () => {
    // Test vectors of the specification; none of them is a key.
    for (const text of ['A12UEL5L', 'abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw', '?1ezyfcl']) {
      expect([text, bech32Valid(text)]).toEqual([text, true]);
    }
    for (const text of ['A12UEL5M', 'a12UEL5L', '1nwldj5', 'x1b4n0q5v', 'de1lg7wt']) {
      expect([text, bech32Valid(text)]).toEqual([text, false]);
    }
    expect(bech32Valid(bech32Encode('demo', seededRandom('b').bytes(32)))).toBe(true);
  });

  it('of base 58 detect any change', () => {
    const text = base58Check(seededRandom('58').bytes(40));
    expect(base58CheckValid(text)).toBe(true);
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === 'Z' ? 'Y' : 'Z';
      expect(base58CheckValid(text.slice(0, at) + other + text.slice(at + 1))).toBe(false);
    }
    expect(base58CheckValid('0OIl')).toBe(false);
  });
});

describe('the account in an AWS key id', () => {
  it('is decoded from new ids only', () => {
    expect(awsAccount(awsKeyPair('v', '210987654321').id)).toBe('210987654321');
    expect(awsAccount(awsKeyPair('v', '000000000042').id)).toBe('000000000042');
    expect(awsAccount(`AKIA${'I'.repeat(16)}`)).toBeNull();
  });
});

describe('the armor of a key', () => {
  const dashes = '-'.repeat(5);
  const armor = (lines: readonly string[]): string =>
    [`${dashes}BEGIN X Y${dashes}`, ...lines, `${dashes}END X Y${dashes}`].join('\n');

  it('is parsed through line ends, quotes and escapes', () => {
    for (const text of [
      armor(['AAAA', 'BB==']),
      armor(['AAAA', 'BB==']).replaceAll('\n', '\\n'),
      armor(['  "AAAA"', "  'BB==',"]),
    ]) {
      expect(readArmor(text)).toMatchObject({ label: 'X Y', body: 'AAAABB==', length: text.length });
    }
  });

  it('separates headers from the body', () => {
    expect(readArmor(armor(['Proc-Type: 4,ENCRYPTED', '', 'AAAA']))).toMatchObject({
      headers: ['Proc-Type: 4,ENCRYPTED'],
      body: 'AAAA',
    });
  });

  it('requires END', () => {
    expect(readArmor(`${dashes}BEGIN X Y${dashes}\nAAAA\n`)).toBeNull();
  });
});

describe('the texture of a value', () => {
  it('distinguishes random text from words', () => {
    const textures = Array.from({ length: 200 }, (_, i) => texture(password(`t${i}`)));
    // A few random letters may look like a word.
    expect(textures.filter((found) => found === 'random').length).toBeGreaterThan(170);
    for (const words of [
      'getUserAccessToken',
      'authentication_required',
      'application',
      'the quick brown fox',
      'HTTPResponseHeader',
    ]) {
      expect([words, texture(words)]).toEqual([words, 'words']);
    }
    expect(texture('Summer2024!')).toBe('password');
  });
});

describe('placeholders', () => {
  it.each([
    'changeme',
    '${TOKEN}',
    '{{ token }}',
    '<token>',
    'xxxxxxxxxxxx',
    'your-api-key',
    'aaaaaaaaaaaaaaaa',
    '12345678',
    '...',
    '$PASSWORD',
    '%s',
    'abcdefghijkl',
    'REDACTED',
    'getenv("X")',
  ])('include %s', (value) => {
    expect(placeholderReason(value)).not.toBeNull();
  });

  it('do not include generated passwords', () => {
    for (let i = 0; i < 200; i++) expect(placeholderReason(password(`p${i}`, 24))).toBeNull();
  });

  it('are distinct from known examples', () => {
    expect(knownExampleReason(['AKIA', 'IOSFODNN7', 'EXAMPLE'].join(''))).not.toBeNull();
    expect(knownExampleReason('EXAMPLEs')).toBeNull();
  });
});

describe('reserved hosts', () => {
  it.each(['example.com', 'db.example.org:5432', 'EXAMPLE.NET.', 'db.example', 'x.test', 'a.b.invalid'])(
    'include %s',
    (host) => {
      expect(reservedHost(host)).toBe(true);
    },
  );

  it.each([
    ...[
      'localhost',
      'localhost:5432',
      'db.localhost',
      'localhost.localdomain',
      '127.0.0.1',
      'host',
      'hostname',
    ],
    ...[
      'mydb.internal',
      'mysql',
      'my-server',
      'myserver.acme.io',
      'server',
      'server1.acme.io',
      'proxy',
      'site',
    ],
    ...[
      'proxy.acme.io',
      'yourdomain.com',
      'somehost',
      'example.io',
      'example.co',
      'example',
      'test',
      'contest.com',
    ],
    ...['notexample.com', 'example.com.acme.io', 'db.leaky.internal', 'github.com', '10.0.0.3', 'hosting.io'],
  ])('do not include %s', (host) => {
    expect(reservedHost(host)).toBe(false);
  });
});
