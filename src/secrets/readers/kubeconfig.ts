import type { RawHit } from '../raw-hit.ts';
import { parsePrivateKey, publicFingerprint } from '../validators/pem.ts';
import { assignedOn, fieldHit, linesOf } from './text-fields.ts';

const FIELDS: Readonly<Record<string, string>> = {
  token: 'Kubernetes user token',
  password: 'Kubernetes user password',
  'client-key-data': 'Kubernetes client key',
  'client-secret': 'OpenID client secret of a Kubernetes user',
  'refresh-token': 'OpenID refresh token of a Kubernetes user',
  'id-token': 'OpenID token of a Kubernetes user',
};

/**
 * The credentials of a kubeconfig, line by line: YAML in block style, as kubectl writes it, and the few
 * fields whose names are fixed (Kubernetes client API, v1 Config).
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

/** The PEM inside: its body, so that it is the same secret as the key in a file of its own. */
function decodeKey(value: string): { body: string; details: Record<string, string> } | null {
  const pem = Buffer.from(value, 'base64').toString('latin1');
  const key = parsePrivateKey(pem);
  if (key === null) return null;
  const body = pem.replaceAll(/-----[^-]*-----|\s/g, '');
  return { body, details: { publicKey: publicFingerprint(key) } };
}
