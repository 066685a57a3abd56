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
 * Validates a JSON Web Token: its header and payload must decode (RFC 7519 §7.2). A token past its `exp` is
 * expired; the sample of jwt.io and similar ones are known examples; a token without a signature is a
 * placeholder.
 */
export const jwt: Validator = ({ value, now }) => {
  const [first = '', second = ''] = value.split('.');
  const header = decode(first);
  const claims = decode(second);
  if (header === null || typeof header['alg'] !== 'string') return null;
  // JWE: the payload is encrypted and cannot be checked.
  if (claims === null) return 'enc' in header ? { verdict: 'structure-valid' } : null;
  const issuer = typeof claims['iss'] === 'string' ? claims['iss'].slice(0, 100) : undefined;
  const expires = time(claims['exp']);
  const details: Record<string, string> = {
    algorithm: header['alg'],
    ...(issuer === undefined ? {} : { issuer }),
    ...(expires === null ? {} : { expires: day(expires) }),
  };
  const withDetails = (judgement: Judgement): Judgement => ({ ...judgement, details });
  if (claims['sub'] === '1234567890' || /^(?:john|jane) doe$/i.test(String(claims['name']))) {
    return withDetails({ verdict: 'known-example', reason: 'documentation sample token' });
  }
  if (header['alg'].toLowerCase() === 'none') {
    return withDetails({ verdict: 'placeholder', reason: 'unsigned token' });
  }
  if (expires !== null && expires < now) {
    return withDetails({ verdict: 'expired', reason: `expired on ${day(expires)}` });
  }
  if (claims['role'] === 'anon') return withDetails({ verdict: 'structure-valid', severity: 'info' });
  if (issuer?.startsWith('kubernetes/serviceaccount') === true || claims['role'] === 'service_role') {
    return withDetails({ verdict: 'structure-valid', severity: 'critical' });
  }
  return withDetails({ verdict: 'structure-valid' });
};
