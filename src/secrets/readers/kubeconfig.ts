import type { RawHit } from '../raw-hit.ts';
import { parsePrivateKey, publicFingerprint } from '../validators/pem.ts';
import { assignedOn, fieldHit, linesOf } from './text-fields.ts';

const FIELDS: Readonly<Record<string, string>> = {
  token: 'Kubernetes user token',
  password: 'Kubernetes user password',
  'client-key-data': 'Kubernetes client key',
  'client-secret': 'Kubernetes user OpenID client secret',
  'refresh-token': 'Kubernetes user OpenID refresh token',
  'id-token': 'Kubernetes user OpenID token',
};

/**
 * Reads the credentials of a kubeconfig line by line: block-style YAML, as kubectl writes it, with fixed
 * field names (Kubernetes client API, v1 Config).
 */
export function readKubeconfig(text: string): RawHit[] {
  const hits: RawHit[] = [];
  let user = '';
  for (const line of linesOf(text)) {
    const found = assignedOn(line.text.replace(/^(\s*)- /, '$1  '), ':');
    if (found === null) continue;
    if (found.key === 'name') user = found.value;
    const title = FIELDS[found.key];
    if (title === undefined || found.value === '' || /^[|>]/.test(found.value)) continue;
    const start = line.start + found.at;
    const key = found.key === 'client-key-data' ? decodeKey(found.value) : null;
    hits.push(
      fieldHit(text, {
        rule: 'kubeconfig',
        title,
        start,
        end: start + found.value.length,
        severity: 'critical',
        ...(key === null ? {} : { value: key.body }),
        details: { field: found.key, ...(user === '' ? {} : { user }), ...key?.details },
      }),
    );
  }
  return hits;
}

/** Returns the body of the PEM inside, so that it is the same value as the key in a separate file. */
function decodeKey(value: string): { body: string; details: Record<string, string> } | null {
  const pem = Buffer.from(value, 'base64').toString('latin1');
  const key = parsePrivateKey(pem);
  if (key === null) return null;
  const body = pem.replaceAll(/-----[^-]*-----|\s/g, '');
  return { body, details: { publicKey: publicFingerprint(key) } };
}
