import { generateKeyPairSync } from 'node:crypto';
import type { RandomText, Rule } from '../rule.ts';
import { BASE64URL, DIGITS, HEX, LOWER, UPPER } from './alphabet.ts';
import { free, run, token } from './build.ts';

/** The key file as the console creates it, with a fresh key. */
function serviceAccount(random: RandomText): string {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const project = `demo-${random.text(LOWER.characters, 6)}`;
  return JSON.stringify(
    {
      type: 'service_account',
      project_id: project,
      private_key_id: random.text(HEX.characters, 40),
      private_key: privateKey,
      client_email: `robot@${project}.iam.gserviceaccount.com`,
      client_id: random.text(DIGITS.characters, 21),
    },
    null,
    2,
  );
}

/** Google Cloud, Firebase and Google's other services. */
export const GOOGLE_RULES: readonly Rule[] = [
  token('google', {
    id: 'google-api-key',
    title: 'Google API key',
    prefix: 'AIza',
    shape: [run(BASE64URL, 35)],
    severity: 'medium',
    references: ['https://cloud.google.com/docs/authentication/api-keys'],
  }),
  token('google', {
    id: 'google-oauth-access-token',
    title: 'Google OAuth access token',
    prefix: 'ya29.',
    shape: [run(BASE64URL, 40, 400)],
    severity: 'medium',
    references: ['https://developers.google.com/identity/protocols/oauth2'],
  }),
  token('google', {
    id: 'google-oauth-client-secret',
    title: 'Google OAuth client secret',
    prefix: 'GOCSPX-',
    shape: [run(BASE64URL, 28)],
    confidence: 'high',
    references: ['https://developers.google.com/identity/protocols/oauth2'],
  }),
  free('google', {
    id: 'google-refresh-token',
    title: 'Google OAuth refresh token',
    anchors: [{ text: '1//0' }],
    gate: { kind: 'after', set: 'A-Za-z0-9_-', min: 30 },
    pattern: '1//0[A-Za-z0-9_-]{30,200}(?![A-Za-z0-9_-])',
    validator: 'random',
    severity: 'high',
    strong: false,
    references: ['https://developers.google.com/identity/protocols/oauth2'],
    example: (random) => `1//0${random.text(BASE64URL.characters, 60)}`,
  }),
  free('google', {
    id: 'google-service-account',
    title: 'Google Cloud service account key',
    anchors: [{ text: '"private_key_id"' }, { text: '\\"private_key_id\\"' }],
    pattern: '\\\\?"private_key_id\\\\?"\\s{0,8}:\\s{0,8}\\\\?"([0-9a-f]{40})\\\\?"',
    left: 'none',
    validator: 'service-account',
    severity: 'critical',
    references: ['https://cloud.google.com/iam/docs/keys-create-delete'],
    example: serviceAccount,
  }),
  free('google', {
    id: 'firebase-server-key',
    title: 'Firebase Cloud Messaging server key',
    anchors: [{ text: ':APA91b' }],
    pattern: 'AAAA[A-Za-z0-9_-]{7}(?::APA91b)[A-Za-z0-9_-]{134}(?![A-Za-z0-9_-])',
    start: { at: 'before', bytes: 11 },
    left: 'base64',
    confidence: 'high',
    references: ['https://firebase.google.com/docs/cloud-messaging'],
    example: (random) =>
      `AAAA${random.text(BASE64URL.characters, 7)}:APA91b${random.text(BASE64URL.characters, 134)}`,
  }),
  token('google', {
    id: 'google-storage-hmac-id',
    title: 'Google Cloud Storage HMAC key id',
    prefix: 'GOOG1E',
    shape: [run(UPPER, 55)],
    severity: 'medium',
    references: ['https://cloud.google.com/storage/docs/authentication/hmackeys'],
  }),
];
