import type { ValidatorName } from '../rule.ts';
import { assignment } from './assignment.ts';
import { PATTERN_ONLY, type Validator } from './candidate.ts';
import { jsonWebKey, serviceAccount } from './json-keys.ts';
import { jwt } from './jwt.ts';
import {
  base64Text,
  basicAuth,
  suppression,
  dsnPassword,
  passwordHash,
  random,
  urlPassword,
} from './passwords.ts';
import { privateKey } from './pem.ts';
import { pgpKey } from './pgp.ts';
import { puttyKey } from './putty.ts';
import {
  awsKeyId,
  awsSecret,
  base58,
  bech32,
  crc32Base62,
  gitlabRoutable,
  jsonInside,
  macaroon,
} from './tokens.ts';

/** The validators by the names that rules use. */
export const VALIDATORS: Readonly<Record<ValidatorName, Validator>> = {
  none: ({ value }) => suppression(value) ?? PATTERN_ONLY,
  'crc32-base62': crc32Base62,
  'aws-key-id': awsKeyId,
  'aws-secret': awsSecret,
  'gitlab-routable': gitlabRoutable,
  jwt,
  random,
  'private-key': privateKey,
  'putty-key': puttyKey,
  'pgp-key': pgpKey,
  bech32,
  base58check: base58,
  macaroon,
  'json-inside': jsonInside,
  'base64-text': base64Text,
  'service-account': serviceAccount,
  'password-hash': passwordHash,
  'url-password': urlPassword,
  'dsn-password': dsnPassword,
  'basic-auth': basicAuth,
  assignment,
  'json-web-key': jsonWebKey,
};
