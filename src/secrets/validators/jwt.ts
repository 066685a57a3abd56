import type { Judgement, Validator } from './candidate.ts';

type Claims = Readonly<Record<string, unknown>>;

function decode(part: string): Claims | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : null;
  } catch {
    return null;
  }
}

function time(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 1e11
    ? value * 1000
    : null;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/**
 * A JSON Web Token: header and payload must decode (RFC 7519 §7.2). One past its `exp` is expired; the
 * sample of jwt.io and its kin is an example; one without a signature opens nothing by itself.
 */
export const jwt: Validator = ({ value, now }) => {
  const [first = '', second = ''] = value.split('.');
  const header = decode(first);
  const claims = decode(second);
  if (header === null || typeof header['alg'] !== 'string') return null;
  // JWE: the payload is encrypted, and nothing more can be told.
  if (claims === null) return 'enc' in header ? { verdict: 'structure-valid' } : null;
  const issuer = typeof claims['iss'] === 'string' ? claims['iss'].slice(0, 100) : undefined;
  const expires = time(claims['exp']);
  const details: Record<string, string> = {
    algorithm: header['alg'],
    ...(issuer === undefined ? {} : { issuer }),
    ...(expires === null ? {} : { expires: day(expires) }),
  };
  const said = (judgement: Judgement): Judgement => ({ ...judgement, details });
  if (claims['sub'] === '1234567890' || /^(?:john|jane) doe$/i.test(String(claims['name']))) {
    return said({ verdict: 'known-example', reason: 'the sample token of the documentation' });
  }
  if (header['alg'].toLowerCase() === 'none') {
    return said({ verdict: 'placeholder', reason: 'not signed: it proves nothing' });
  }
  if (expires !== null && expires < now) {
    return said({ verdict: 'expired', reason: `expired on ${day(expires)}` });
  }
  if (claims['role'] === 'anon') return said({ verdict: 'structure-valid', severity: 'info' });
  if (issuer?.startsWith('kubernetes/serviceaccount') === true || claims['role'] === 'service_role') {
    return said({ verdict: 'structure-valid', severity: 'critical' });
  }
  return said({ verdict: 'structure-valid' });
};
