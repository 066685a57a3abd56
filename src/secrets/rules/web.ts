import type { RandomText, Rule } from '../rule.ts';
import { BASE62, BASE64URL, HEX } from './alphabet.ts';
import { free, named, run, token } from './build.ts';

function jwt(random: RandomText): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = part({ alg: 'HS256', typ: 'JWT' });
  return `${header}.${part({ sub: random.text(BASE62.characters, 8), iat: 1_700_000_000 })}.${random.text(BASE64URL.characters, 43)}`;
}

function base64Pair(random: RandomText): string {
  return Buffer.from(`deploy:${random.text(BASE62.characters, 16)}`).toString('base64');
}

/** Addresses, headers and cookies. */
export const WEB_RULES: readonly Rule[] = [
  free('web', {
    id: 'json-web-token',
    title: 'JSON Web Token',
    anchors: [{ text: 'eyJ' }],
    pattern: 'eyJ[A-Za-z0-9_-]{8,2000}\\.[A-Za-z0-9_-]{4,4000}\\.[A-Za-z0-9_-]{10,2000}(?![A-Za-z0-9_.-])',
    left: 'base64',
    validator: 'jwt',
    severity: 'medium',
    reach: 8050,
    references: ['https://www.rfc-editor.org/rfc/rfc7519'],
    example: jwt,
  }),
  free('web', {
    id: 'url-password',
    title: 'Address with user and password',
    anchors: [{ text: '://' }],
    pattern:
      '[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\\s"\'`<>/?#:@\\\\]{0,100}:([^\\s"\'`<>/?#@\\\\]{1,256})@[A-Za-z0-9_.[\\]:-]{1,200}',
    start: { at: 'back', over: 'A-Za-z0-9+.-', most: 22 },
    left: 'none',
    validator: 'url-password',
    strong: false,
    references: ['https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1'],
    example: (random) => `postgres://app:${random.text(BASE62.characters, 18)}@db.leaky.internal:5432/orders`,
  }),
  free('web', {
    id: 'go-mysql-dsn',
    title: 'MySQL data source name with password',
    anchors: [{ text: '@tcp(' }, { text: '@unix(' }],
    pattern: '[A-Za-z0-9_.-]{1,64}:([^\\s"\'`:@/]{4,128})@(?:tcp|unix)\\([^)\\s]{1,200}\\)',
    start: { at: 'back', over: '!-~', most: 200 },
    left: 'none',
    validator: 'dsn-password',
    strong: false,
    references: ['https://github.com/go-sql-driver/mysql#dsn-data-source-name'],
    example: (random) => `app:${random.text(BASE62.characters, 18)}@tcp(db.leaky.internal:3306)/orders`,
  }),
  free('web', {
    id: 'basic-auth-header',
    title: 'Basic authentication header',
    anchors: [{ text: 'Basic ' }, { text: 'basic ' }],
    pattern: '([A-Za-z0-9+/]{8,400}={0,2})(?![A-Za-z0-9+/=_-])',
    start: { at: 'after' },
    validator: 'basic-auth',
    strong: false,
    references: ['https://www.rfc-editor.org/rfc/rfc7617'],
    example: (random) => `Authorization: Basic ${base64Pair(random)}`,
  }),
  free('web', {
    id: 'bearer-token',
    title: 'Bearer token in a header',
    anchors: [{ text: 'Bearer ' }],
    pattern: '([A-Za-z0-9_.~+/-]{20,1000}={0,2})(?![A-Za-z0-9_.~+/=-])',
    start: { at: 'after' },
    validator: 'random',
    severity: 'medium',
    confidence: 'medium',
    strong: false,
    reach: 1100,
    references: ['https://www.rfc-editor.org/rfc/rfc6750'],
    example: (random) => `Authorization: Bearer ${random.text(BASE62.characters, 40)}`,
  }),
  free('web', {
    id: 'registry-auth',
    title: 'Container registry login (docker config)',
    anchors: [{ text: '"auth"' }, { text: '\\"auth\\"' }],
    pattern: '\\\\?"auth\\\\?"\\s{0,4}:\\s{0,4}\\\\?"([A-Za-z0-9+/]{8,2000}={0,2})\\\\?"',
    left: 'none',
    validator: 'basic-auth',
    severity: 'critical',
    strong: false,
    reach: 2100,
    references: ['https://docs.docker.com/reference/cli/docker/login/'],
    example: (random) => `{"auths":{"registry.example":{"auth":"${base64Pair(random)}"}}}`,
  }),
  free('web', {
    id: 'registry-identity-token',
    title: 'Container registry identity token',
    anchors: [{ text: '"identitytoken"' }],
    pattern: '"identitytoken"\\s{0,4}:\\s{0,4}"([A-Za-z0-9_.=+/-]{20,3000})"',
    left: 'none',
    validator: 'random',
    strong: false,
    reach: 3100,
    references: ['https://docs.docker.com/reference/cli/docker/login/'],
    example: (random) =>
      `{"auths":{"registry.example":{"identitytoken":"${random.text(BASE62.characters, 60)}"}}}`,
  }),
  free('web', {
    id: 'password-hash',
    title: 'Password hash',
    anchors: [
      '$6$',
      '$5$',
      '$1$',
      '$y$',
      '$2a$',
      '$2b$',
      '$2y$',
      '$apr1$',
      '$argon2',
      '$pbkdf2-',
      'pbkdf2_sha256$',
    ].map((text) => ({ text })),
    pattern:
      '(?:\\$[156]\\$(?:rounds=\\d{1,9}\\$)?[./A-Za-z0-9]{1,16}\\$[./A-Za-z0-9]{22,86}|\\$y\\$[./A-Za-z0-9]{1,8}\\$[./A-Za-z0-9]{1,86}\\$[./A-Za-z0-9]{43}|\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}|\\$apr1\\$[./A-Za-z0-9]{1,8}\\$[./A-Za-z0-9]{22}|\\$argon2id?\\$v=\\d{2}\\$[a-z0-9=,]{8,40}\\$[A-Za-z0-9+/]{11,64}\\$[A-Za-z0-9+/]{20,100}|\\$pbkdf2-[a-z0-9]{4,8}\\$\\d{1,9}\\$[./A-Za-z0-9]{8,64}\\$[./A-Za-z0-9]{20,90}|pbkdf2_sha256\\$\\d{1,9}\\$[A-Za-z0-9]{8,64}\\$[A-Za-z0-9+/]{43}=)(?![./A-Za-z0-9$])',
    left: 'word',
    validator: 'password-hash',
    severity: 'low',
    strong: false,
    references: ['https://manpages.debian.org/crypt.5'],
    example: (random) => `$6$${random.text(BASE62.characters, 16)}$${random.text(BASE62.characters, 86)}`,
  }),
  token('web', {
    id: 'laravel-app-key',
    title: 'Laravel application key',
    prefix: 'APP_KEY=base64:',
    shape: [run({ set: 'A-Za-z0-9+/', characters: BASE62.characters }, 43), '='],
    left: 'none',
    validator: 'random',
    confidence: 'high',
    strong: false,
    references: ['https://laravel.com/docs/encryption'],
  }),
  named('web', {
    id: 'rails-secret-key-base',
    title: 'Rails secret key base',
    words: ['secret_key_base'],
    shape: [run(HEX, 128)],
    confidence: 'high',
    references: ['https://guides.rubyonrails.org/security.html'],
  }),
  named('web', {
    id: 'rails-master-key',
    title: 'Rails master key',
    words: ['rails_master_key'],
    shape: [run(HEX, 32)],
    severity: 'critical',
    confidence: 'high',
    references: ['https://guides.rubyonrails.org/security.html'],
  }),
  named('web', {
    id: 'symfony-app-secret',
    title: 'Symfony application secret',
    words: ['app_secret'],
    shape: [run(HEX, 32, 64)],
    severity: 'medium',
    references: ['https://symfony.com/doc/current/reference/configuration/framework.html'],
  }),
];
