import { describe, expect, it } from 'vitest';
import { ed25519Pem } from '../../../fixtures/canary-keys.ts';
import { Matcher } from '../../../src/secrets/match/matcher.ts';
import { RULES } from '../../../src/secrets/rules/catalogue.ts';
import { suppressionOf } from '../../../src/secrets/scan/found-secret.ts';
import { testKeyReason } from '../../../src/secrets/scan/test-keys.ts';

/** The public key of the TLS key that browser-sync 2.18 to 3.0 ships as `certs/server.key`. */
const SHARED = '027ccdcaff80154b7bb55057357d5999';
/** The half of a digest that is in the list, and an arbitrary other half. */
const digest = SHARED + '0'.repeat(32);

describe('a public test key', () => {
  it('is recognized by every form of its public fingerprint', () => {
    const reason = 'public test key that ships with npm browser-sync';
    expect(testKeyReason(`sha256:${digest}`)).toBe(reason);
    expect(testKeyReason(`SHA256:${Buffer.from(digest, 'hex').toString('base64').replace(/=+$/, '')}`)).toBe(
      reason,
    );
    expect(testKeyReason(SHARED.toUpperCase() + 'AB'.repeat(4))).toBe(reason);
  });

  it('is suppressed everywhere, and no other key is', () => {
    const matcher = new Matcher(RULES, { now: Date.UTC(2026, 0, 1) });
    const hit = matcher.matchWhole(Buffer.from(ed25519Pem('not on the list')))[0]!;
    expect(suppressionOf(hit)).toBeNull();
    const known = { ...hit, details: { ...hit.details, publicKey: `sha256:${digest}` } };
    expect(suppressionOf(known)).toMatch(/^public test key that ships with /);
    expect(testKeyReason(undefined)).toBeNull();
    expect(testKeyReason(`sha256:${'0'.repeat(64)}`)).toBeNull();
  });
});
