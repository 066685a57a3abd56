import type { RandomText, Rule } from '../rule.ts';
import { bech32Encode } from '../validators/bech32.ts';
import { BASE62, BASE64, BASE64URL, HEX, LOWER, UPPER, WORD } from './alphabet.ts';
import { free, namedTokens, run, shapeExample, tokens, UUID } from './build.ts';

const HIGH = { confidence: 'high' } as const;
const VAULT = 'https://developer.hashicorp.com/vault/docs/concepts/tokens';
const DOPPLER = 'https://docs.doppler.com/docs/service-tokens';
const ONE_PASSWORD = 'https://developer.1password.com/docs/service-accounts/';

/** Secret managers and infrastructure tools. */
export const VAULT_RULES: readonly Rule[] = [
  ...tokens('vaults', [
    [
      'vault-service-token',
      'HashiCorp Vault service token',
      'hvs.',
      [run(BASE64URL, 90, 120)],
      VAULT,
      { ...HIGH, severity: 'critical' },
    ],
    ['vault-batch-token', 'HashiCorp Vault batch token', 'hvb.', [run(BASE64URL, 138, 300)], VAULT, HIGH],
    [
      'vault-recovery-token',
      'HashiCorp Vault recovery token',
      'hvr.',
      [run(BASE64URL, 24, 120)],
      VAULT,
      { ...HIGH, severity: 'critical' },
    ],
    [
      'doppler-personal-token',
      'Doppler personal token',
      'dp.pt.',
      [run(BASE62, 43)],
      DOPPLER,
      { ...HIGH, severity: 'critical' },
    ],
    [
      'doppler-service-token',
      'Doppler service token',
      'dp.st.',
      [run({ set: 'a-z0-9_.-', characters: LOWER.characters }, 0, 35), run(BASE62, 40, 44)],
      DOPPLER,
      HIGH,
    ],
    ['doppler-cli-token', 'Doppler CLI token', 'dp.ct.', [run(BASE62, 40, 44)], DOPPLER, HIGH],
    [
      'doppler-account-token',
      'Doppler service account token',
      ['dp.sa.', 'dp.said.'],
      [run(BASE62, 40, 44)],
      DOPPLER,
      HIGH,
    ],
    [
      'doppler-scim-token',
      'Doppler SCIM or audit token',
      ['dp.scim.', 'dp.audit.'],
      [run(BASE62, 40, 44)],
      DOPPLER,
      HIGH,
    ],
    [
      'onepassword-service-token',
      '1Password service account token',
      'ops_eyJ',
      [run(BASE64, 250, 1200)],
      ONE_PASSWORD,
      { ...HIGH, severity: 'critical' },
    ],
    [
      'onepassword-secret-key',
      '1Password secret key',
      'A3-',
      [
        run(UPPER, 6),
        '-',
        run(UPPER, 6),
        '-',
        run(UPPER, 5),
        '-',
        run(UPPER, 5),
        '-',
        run(UPPER, 5),
        '-',
        run(UPPER, 5),
      ],
      ONE_PASSWORD,
      { ...HIGH, severity: 'critical' },
    ],
    [
      'infisical-token',
      'Infisical service token',
      'st.',
      [run(HEX, 24), '.', run(HEX, 32), '.', run(HEX, 32)],
      'https://infisical.com/docs',
      HIGH,
    ],
    ['pulumi-token', 'Pulumi access token', 'pul-', [run(HEX, 40)], 'https://www.pulumi.com/docs', HIGH],
  ]),
  free('vaults', {
    id: 'terraform-cloud-token',
    title: 'HCP Terraform API token',
    anchors: [{ text: '.atlasv1.' }],
    pattern: '[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,70}(?![A-Za-z0-9_=-])',
    start: { at: 'before', bytes: 14 },
    gate: { kind: 'before', set: 'A-Za-z0-9', min: 14 },
    severity: 'critical',
    confidence: 'high',
    references: ['https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens'],
    example: (random) =>
      `${random.text(BASE62.characters, 14)}.atlasv1.${random.text(BASE62.characters, 67)}`,
  }),
  free('vaults', {
    id: 'age-secret-key',
    title: 'age secret key',
    anchors: [{ text: 'AGE-SECRET-KEY-1' }],
    pattern: 'AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}(?![A-Z0-9])',
    validator: 'bech32',
    severity: 'critical',
    confidence: 'high',
    references: ['https://age-encryption.org/v1'],
    example: (random: RandomText) => bech32Encode('age-secret-key-', random.bytes(32)).toUpperCase(),
  }),
  free('vaults', {
    id: 'bitwarden-access-token',
    title: 'Bitwarden Secrets Manager access token',
    anchors: [{ text: 'BWS_ACCESS_TOKEN' }],
    pattern:
      'BWS_ACCESS_TOKEN["\']?[ \\t]{0,4}[=:][ \\t]{0,4}["\']?(0\\.[0-9a-f-]{36}\\.[A-Za-z0-9]{20,40}:[A-Za-z0-9+/]{22}==)',
    severity: 'critical',
    confidence: 'high',
    references: ['https://bitwarden.com/help/access-tokens/'],
    example: (random) =>
      `BWS_ACCESS_TOKEN=0.${shapeExample(UUID, random)}.${random.text(BASE62.characters, 30)}:${random.text(BASE64.characters, 22)}==`,
  }),
  ...namedTokens('vaults', [
    [
      'vault-legacy-token',
      'HashiCorp Vault token (legacy)',
      ['vault_token', 'vault-token'],
      '',
      ['s.', run(BASE62, 24)],
      VAULT,
    ],
    [
      'consul-token',
      'HashiCorp Consul or Nomad token',
      ['consul_http_token', 'consul_token', 'nomad_token'],
      '',
      UUID,
      'https://developer.hashicorp.com/consul/docs',
    ],
    [
      'akeyless-key',
      'Akeyless access key',
      ['akeyless'],
      '_ACCESS_KEY',
      [run(BASE64, 43), '='],
      'https://docs.akeyless.io',
    ],
    [
      'keeper-token',
      'Keeper one-time token',
      ['ksm_token', 'keeper_token'],
      '',
      ['US:', run(WORD, 43)],
      'https://docs.keeper.io',
    ],
  ]),
];
