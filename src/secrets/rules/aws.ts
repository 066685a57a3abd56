import type { RandomText, Rule } from '../rule.ts';
import { BASE32, BASE64, HEX, LOWER } from './alphabet.ts';
import { free, run, token, TO_VALUE, UUID } from './build.ts';

const IDENTIFIERS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html';
const KEYS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html';

/**
 * Returns a function that makes a key id of account 123456789012: a set bit, the account, 7 random bits, then
 * more random bits.
 */
function keyId(prefix: string) {
  return (random: RandomText): string => {
    const account = (1n << 40n) | 123456789012n;
    let number = ((account << 7n) | BigInt(random.below(128))) << 32n;
    number |= BigInt(random.below(2 ** 32));
    let body = '';
    for (let i = 0; i < 16; i++) {
      body = BASE32.characters.charAt(Number(number & 31n)) + body;
      number >>= 5n;
    }
    return prefix + body;
  };
}

function idRule(id: string, title: string, prefixes: readonly string[], severity: Rule['severity']): Rule {
  return token('aws', {
    id,
    title,
    prefix: prefixes,
    shape: [run(BASE32, 16)],
    validator: 'aws-key-id',
    severity,
    references: [IDENTIFIERS],
    example: keyId(prefixes[0]!),
  });
}

/** Amazon Web Services. */
export const AWS_RULES: readonly Rule[] = [
  idRule('aws-access-key-id', 'AWS access key id', ['AKIA'], 'high'),
  idRule('aws-temporary-key-id', 'AWS temporary access key id', ['ASIA'], 'medium'),
  idRule('aws-service-key-id', 'AWS service-specific credential id', ['ABIA', 'ACCA'], 'medium'),
  free('aws', {
    id: 'aws-secret-access-key',
    title: 'AWS secret access key',
    anchors: [
      { text: 'secret_access_key', ignoreCase: true },
      { text: 'secretaccesskey', ignoreCase: true },
      { text: 'aws_secret', ignoreCase: true },
      { text: 'secret-access-key', ignoreCase: true },
    ],
    pattern: `${TO_VALUE}([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])`,
    start: { at: 'after' },
    gate: { kind: 'assigned' },
    left: 'none',
    validator: 'aws-secret',
    severity: 'critical',
    strong: false,
    references: [KEYS],
    example: (random) => `aws_secret_access_key = ${random.text(BASE64.characters, 40)}`,
  }),
  free('aws', {
    id: 'aws-session-token',
    title: 'AWS session token',
    anchors: [
      { text: 'session_token', ignoreCase: true },
      { text: 'sessiontoken', ignoreCase: true },
    ],
    pattern: `${TO_VALUE}((?:IQoJ|FwoG|FQoG)[A-Za-z0-9+/]{100,2000}={0,2})`,
    start: { at: 'after' },
    gate: { kind: 'assigned' },
    left: 'none',
    reach: 2200,
    severity: 'medium',
    strong: false,
    references: [KEYS],
    example: (random) => `aws_session_token=IQoJ${random.text(BASE64.characters, 300)}`,
  }),
  token('aws', {
    id: 'aws-bedrock-key',
    title: 'Amazon Bedrock API key',
    prefix: 'ABSK',
    shape: ['QmVkcm9ja0FQSUtleS', run(BASE64, 80, 260)],
    confidence: 'high',
    references: ['https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html'],
  }),
  token('aws', {
    id: 'aws-bedrock-short-key',
    title: 'Amazon Bedrock short-term API key',
    prefix: 'bedrock-api-key-',
    shape: ['YmVkcm9jay5hbWF6b25hd3MuY29t', run(BASE64, 40, 2000)],
    severity: 'medium',
    references: ['https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html'],
  }),
  token('aws', {
    id: 'aws-mws-token',
    title: 'Amazon Marketplace Web Service token',
    prefix: 'amzn.mws.',
    shape: UUID,
    references: ['https://developer-docs.amazon.com/sp-api/'],
  }),
  token('aws', {
    id: 'amazon-oauth-client-secret',
    title: 'Login with Amazon client secret',
    prefix: 'amzn1.oa2-cs.v1.',
    shape: [run(HEX, 64)],
    confidence: 'high',
    references: ['https://developer.amazon.com/docs/login-with-amazon/documentation-overview.html'],
  }),
  token('aws', {
    id: 'aws-appsync-key',
    title: 'AWS AppSync API key',
    prefix: 'da2-',
    shape: [run(LOWER, 26)],
    severity: 'medium',
    references: ['https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html'],
  }),
];
