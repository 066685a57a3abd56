import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { opensshKey, pem } from '../../../fixtures/canary-keys.ts';
import { awsKeyPair, githubToken, password, seededRandom } from '../../../fixtures/canary.ts';
import { Matcher } from '../../../src/secrets/match/matcher.ts';
import { SUPPRESSED } from '../../../src/secrets/rule.ts';
import { RULES } from '../../../src/secrets/rules/catalogue.ts';

const matcher = new Matcher(RULES, { now: Date.UTC(2026, 0, 1) });
const random = seededRandom('decoys');
const digest = (algorithm: string, encoding: 'hex' | 'base64'): string =>
  createHash(algorithm).update(random.bytes(9)).digest(encoding);
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object): string =>
  `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${random.text('abcdefXYZ0123', 43)}`;
const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });

/** Returns lines with names that packages about secrets, tokens or passwords may have. */
function lines(count: number, line: (name: string) => string): string {
  const names = [
    'token',
    'secret',
    'password-prompt',
    'api-key',
    'auth',
    'aws',
    'stripe',
    'slack',
    'left-pad',
  ];
  return Array.from({ length: count }, (_, index) => line(`${names[index % names.length]}${index}`)).join(
    '\n',
  );
}

function reported(text: string): string[] {
  return matcher
    .matchWhole(Buffer.from(text))
    .filter((hit) => !SUPPRESSED.has(hit.verdict) && hit.confidence !== 'low')
    .map((hit) => `${hit.rule}: ${Buffer.from(hit.value).toString()}`);
}

describe('decoys', () => {
  it.each([
    ['an AWS id from documentation', `aws_access_key_id = ${['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('')}`],
    [
      'an AWS secret from documentation',
      `aws_secret_access_key = ${['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYEXAMPLEKEY'].join('/')}`,
    ],
    ['a public key', publicKey.export({ format: 'pem', type: 'spki' }) as string],
    ['an OpenSSH public key', opensshKey('decoy').publicKey],
    ['a certificate', pem('CERTIFICATE', random.bytes(900))],
    [
      'a certificate request in base64',
      Buffer.from(pem('CERTIFICATE REQUEST', random.bytes(600))).toString('base64'),
    ],
    [
      'a lock file',
      `"integrity": "sha512-${digest('sha512', 'base64')}",\n"resolved": "https://r.example/a/-/a-1.0.0.tgz#${digest('sha1', 'hex')}"`,
    ],
    [
      'package-lock.json',
      lines(
        20,
        (name) =>
          `    "node_modules/${name}": {\n      "version": "1.2.3",\n      "resolved": "https://registry.example/${name}/-/${name}-1.2.3.tgz",\n      "integrity": "sha512-${digest('sha512', 'base64')}",\n      "license": "MIT"\n    },`,
      ),
    ],
    [
      'yarn.lock',
      lines(
        20,
        (name) =>
          `${name}@^1.0.0:\n  version "1.2.3"\n  resolved "https://registry.example/${name}/-/${name}-1.2.3.tgz#${digest('sha1', 'hex')}"\n  integrity sha1-${digest('sha1', 'base64')}\n`,
      ),
    ],
    [
      'pnpm-lock.yaml',
      lines(
        20,
        (name) =>
          `  /${name}@1.2.3:\n    resolution: {integrity: sha512-${digest('sha512', 'base64')}}\n    dev: true\n`,
      ),
    ],
    [
      'Cargo.lock',
      lines(
        20,
        (name) =>
          `[[package]]\nname = "${name}"\nversion = "1.2.3"\nsource = "registry+https://index.example/"\nchecksum = "${digest('sha256', 'hex')}"\n`,
      ),
    ],
    [
      'go.sum',
      lines(
        20,
        (name) =>
          `example.com/${name} v1.2.3 h1:${digest('sha256', 'base64')}\nexample.com/${name} v1.2.3/go.mod h1:${digest('sha256', 'base64')}`,
      ),
    ],
    [
      'poetry.lock and Pipfile.lock',
      lines(
        20,
        (name) =>
          `[[package]]\nname = "${name}"\nfiles = [\n    {file = "${name}-1.2.3.tar.gz", hash = "sha256:${digest('sha256', 'hex')}"},\n]\n        "${name}": {"hashes": ["sha256:${digest('sha256', 'hex')}"], "index": "pypi"},`,
      ),
    ],
    [
      'composer.lock',
      lines(
        20,
        (name) =>
          `{"name": "vendor/${name}", "source": {"type": "git", "url": "https://git.example/${name}.git", "reference": "${digest('sha1', 'hex')}"}, "dist": {"shasum": "${digest('sha1', 'hex')}"}},`,
      ),
    ],
    [
      "a list of apt's packages",
      lines(
        20,
        (name) =>
          `Package: ${name}\nVersion: 1.2.3-1\nDescription-md5: ${digest('md5', 'hex')}\nTag: implemented-in::c, security::authentication, role::program\nFilename: pool/main/p/${name}/${name}_1.2.3-1_amd64.deb\nMD5sum: ${digest('md5', 'hex')}\nSHA256: ${digest('sha256', 'hex')}\n`,
      ),
    ],
    [
      "the database of apk's packages",
      lines(
        20,
        (name) =>
          `C:Q1${digest('sha1', 'base64')}\nP:${name}\nV:1.2.3-r0\nA:x86_64\nF:usr/bin\nR:${name}\na:0:0:755\nZ:Q1${digest('sha1', 'base64')}\nc:${digest('sha1', 'hex')}\n`,
      ),
    ],
    ['a Python lock file', `--hash=sha256:${digest('sha256', 'hex')} \\\n`],
    ['a Python RECORD', `pkg/token.py,sha256=${digest('sha256', 'base64')},1234\n`],
    ['md5sums', `${digest('md5', 'hex')}  usr/share/doc/password/secret.txt\n`],
    ['a git commit', `commit ${digest('sha1', 'hex')}\ntoken: ${digest('sha1', 'hex').slice(0, 7)}\n`],
    [
      'templates',
      'password: ${DB_PASSWORD}\nsecret={{ .Values.secret }}\ntoken: <your-token>\napi_key="%API_KEY%"\npassword=$PASSWORD\nurl=postgres://user:${PASS}@db.internal/x',
    ],
    [
      'placeholders',
      'password=changeme\npassword: "changeme123!"\nsecret = "your-secret-here"\ntoken: xxxxxxxxxxxxxxxx\napi_key: 00000000000000000000\nAPI_TOKEN=1234567890abcdef',
    ],
    [
      'documentation URLs',
      `postgres://user:${password('d')}@db.example.com/x http://user:password@proxy.internal:8080 https://user:pass@host/path`,
    ],
    [
      'code',
      'const password = getPassword();\ntoken = request.headers["x-token"]\nsecret: string;\nif (password === expected) {}\npassword: str = field(default=None)\ntoken := os.Getenv("TOKEN")\nprivate_key_path = "/etc/ssl/private/key.pem"',
    ],
    [
      'harmless names',
      'token_type: bearer\npassword_reset_url: https://x.example/reset\nmax_tokens=4096\nsecretName: database-credentials\nPublicKeyToken=b77a5c561934e089',
    ],
    ['token patterns', 'ghp_[A-Za-z0-9]{36}\nsk_live_[0-9a-zA-Z]{24}\nAKIA[0-9A-Z]{16}'],
    [
      'a sample token from documentation',
      `Bearer ${jwt({ sub: '1234567890', name: 'John Doe', iat: 1516239022 })}`,
    ],
    ['an expired token', jwt({ sub: 'robot', exp: 1_600_000_000 })],
    [
      'basic authentication of RFC 7617',
      `Authorization: Basic ${Buffer.from(['Aladdin', 'open sesame'].join(':')).toString('base64')}`,
    ],
    ['words after Basic', 'Basic authentication is described in Basic Concepts. basic understanding'],
    ['a token one character short', githubToken('short').slice(0, -1)],
    ['a token inside a longer word', `prefix${githubToken('long')}suffix`],
    ['an AWS id inside base64', `x${awsKeyPair('inside').id}y`],
    ['a header without its key', `${['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' ')}\n`],
    [
      'a keyword in documentation',
      `Set the token in the header, as in "token: YOUR_TOKEN", and the password with --password PASSWORD`,
    ],
    ['base64 of zeros', Buffer.alloc(300).toString('base64')],
    ['uuids', `id: ${['6ba7b810', '9dad', '11d1', '80b4', '00c04fd430c8'].join('-')}\n`],
    [
      'CSS and colours',
      '.token.password{color:#905;background:hsla(0,0%,100%,.5)}\n.token:hover{secret:inherit}',
    ],
    [
      'minified code',
      'e.password=t.password,e.token=n,r={secret:function(e){return e},apiKey:void 0};var token="function"==typeof Symbol',
    ],
  ])('are not reported: %s', (_what, text) => {
    expect(reported(text)).toEqual([]);
  });

  it('give a reason if they are suppressed', () => {
    const hits = matcher.matchWhole(
      Buffer.from(`token=${jwt({ sub: 'robot', exp: 1_600_000_000 })}\npassword=changeme\n`),
    );
    expect(hits.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['expired', 'expired on 2020-09-13'],
      ['placeholder', expect.stringContaining('change') as string],
    ]);
  });
});
