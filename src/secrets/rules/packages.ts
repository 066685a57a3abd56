import type { RandomText, Rule } from '../rule.ts';
import { base62Checksum } from '../validators/crc32.ts';
import { BASE62, BASE64URL, HEX, LOWER, UPPER } from './alphabet.ts';
import { free, named, run, shapeExample, token, tokens, UUID } from './build.ts';

const HIGH = { confidence: 'high' } as const;
const PYPI = 'https://pypi.org/help/#apitoken';

/**
 * A macaroon of version 2: location, identifier, signature. The first letters of the token encode the
 * location.
 */
function macaroon(location: string) {
  return (random: RandomText): string => {
    const identifier = Buffer.from(shapeExample(UUID, random));
    const packet = Buffer.concat([
      Buffer.from([2, 1, location.length]),
      Buffer.from(location),
      Buffer.from([2, identifier.length]),
      identifier,
      Buffer.from([0, 0, 6, 32]),
      random.bytes(32),
    ]);
    return `pypi-${packet.toString('base64url')}`;
  };
}

/** Package registries and container registries. */
export const PACKAGE_RULES: readonly Rule[] = [
  token('packages', {
    id: 'npm-token',
    title: 'npm access token',
    prefix: 'npm_',
    shape: [run(BASE62, 36)],
    validator: 'crc32-base62',
    severity: 'critical',
    references: ['https://docs.npmjs.com/about-access-tokens'],
    example: (random) => {
      const body = random.text(BASE62.characters, 30);
      return `npm_${body}${base62Checksum(body)}`;
    },
  }),
  free('packages', {
    id: 'npm-legacy-token',
    title: 'npm legacy token or registry auth token',
    anchors: [{ text: '_authToken' }],
    pattern:
      '_authToken["\']?[ \\t]{0,4}[=:][ \\t]{0,4}["\']?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![0-9A-Za-z-])',
    left: 'none',
    validator: 'random',
    references: ['https://docs.npmjs.com/cli/using-npm/config'],
    example: (random) => `//registry.example/:_authToken=${shapeExample(UUID, random)}`,
  }),
  free('packages', {
    id: 'npm-basic-auth',
    title: 'npm basic authentication',
    anchors: [{ text: ':_auth' }, { text: '\n_auth' }, { text: ':_password' }],
    pattern:
      '[:\\n]_(?:auth|password)[ \\t]{0,4}=[ \\t]{0,4}"?([A-Za-z0-9+/]{8,400}={0,2})(?![A-Za-z0-9+/=])',
    left: 'none',
    validator: 'base64-text',
    strong: false,
    references: ['https://docs.npmjs.com/cli/using-npm/config'],
    example: (random) =>
      `//registry.example/:_auth=${Buffer.from(`deploy:${random.text(BASE62.characters, 20)}`).toString('base64')}`,
  }),
  free('packages', {
    id: 'pypi-token',
    title: 'PyPI API token',
    anchors: [{ text: 'pypi-AgEIcHlwaS5vcmc' }],
    pattern: 'pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,1000}(?![A-Za-z0-9_-])',
    validator: 'macaroon',
    severity: 'critical',
    confidence: 'high',
    reach: 1100,
    references: [PYPI],
    example: macaroon('pypi.org'),
  }),
  free('packages', {
    id: 'pypi-test-token',
    title: 'TestPyPI API token',
    anchors: [{ text: 'pypi-AgENdGVzdC5weXBpLm9yZw' }],
    pattern: 'pypi-AgENdGVzdC5weXBpLm9yZw[A-Za-z0-9_-]{50,1000}(?![A-Za-z0-9_-])',
    validator: 'macaroon',
    severity: 'low',
    confidence: 'high',
    reach: 1100,
    references: [PYPI],
    example: macaroon('test.pypi.org'),
  }),
  ...tokens('packages', [
    [
      'rubygems-key',
      'RubyGems API key',
      'rubygems_',
      [run(HEX, 48)],
      'https://guides.rubygems.org/api-key-scopes/',
      { ...HIGH, severity: 'critical' },
    ],
    [
      'crates-token',
      'crates.io API token',
      'cio',
      [run(BASE62, 32)],
      'https://crates.io/settings/tokens',
      { validator: 'random' },
    ],
    [
      'nuget-key',
      'NuGet API key',
      'oy2',
      [run(LOWER, 43)],
      'https://learn.microsoft.com/en-us/nuget/',
      { validator: 'random' },
    ],
    [
      'docker-hub-token',
      'Docker Hub personal access token',
      'dckr_pat_',
      [run(BASE64URL, 27)],
      'https://docs.docker.com/security/access-tokens/',
      { ...HIGH, severity: 'critical' },
    ],
    [
      'docker-hub-organization-token',
      'Docker Hub organization access token',
      'dckr_oat_',
      [run(BASE64URL, 32)],
      'https://docs.docker.com/security/access-tokens/',
      { ...HIGH, severity: 'critical' },
    ],
    [
      'jfrog-api-key',
      'JFrog API key',
      'AKCp',
      [run(BASE62, 69)],
      'https://jfrog.com/help/',
      { ...HIGH, left: 'base64' },
    ],
    [
      'jfrog-reference-token',
      'JFrog reference token',
      'cmVmdGtu',
      [run(BASE62, 56)],
      'https://jfrog.com/help/',
      { ...HIGH, left: 'base64' },
    ],
    [
      'clojars-token',
      'Clojars deploy token',
      'CLOJARS_',
      [run(HEX, 60)],
      'https://github.com/clojars/clojars-web/wiki/Deploy-Tokens',
      HIGH,
    ],
    [
      'packagist-token',
      'Packagist token',
      ['packagist_uut_', 'packagist_out_', 'packagist_ack_', 'packagist_acs_'],
      [run(HEX, 68)],
      'https://packagist.com/docs',
      HIGH,
    ],
    [
      'gemfury-token',
      'Gemfury token',
      'https://gem.fury.io/',
      [run(BASE62, 20)],
      'https://gemfury.com/help',
      { left: 'none', validator: 'random', severity: 'medium' },
    ],
  ]),
  named('packages', {
    id: 'artifactory-password',
    title: 'Artifactory credential',
    words: ['artifactory'],
    suffix: '_API_KEY',
    shape: [run(BASE62, 64, 73)],
    references: ['https://jfrog.com/help/'],
  }),
  named('packages', {
    id: 'quay-robot-token',
    title: 'Quay robot token',
    words: ['quay'],
    suffix: '_PASSWORD',
    shape: [run(UPPER, 64)],
    references: ['https://docs.quay.io'],
  }),
];
