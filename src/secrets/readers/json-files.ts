import type { RawHit } from '../raw-hit.ts';
import { printableBase64 } from '../validators/passwords.ts';
import { fieldHit } from './text-fields.ts';

/** Readers of JSON files with known field names. Texts are latin1. */

function parse(text: string): unknown {
  try {
    return JSON.parse(
      Buffer.from(text, 'latin1')
        .toString('utf8')
        .replace(/^\ufeff/, ''),
    );
  } catch {
    return null;
  }
}

/** Limit on values, because each one is searched for in the text. */
const MAX_VALUES = 1000;

function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** Returns the range of a string value in the text, searching from `from`; null if it is not found. */
function placeOf(text: string, value: string, from = 0): { start: number; end: number } | null {
  const written = Buffer.from(JSON.stringify(value).slice(1, -1), 'utf8').toString('latin1');
  const at = text.indexOf(written, from);
  return at < 0 ? null : { start: at, end: at + written.length };
}

/**
 * Reads `auths.HOST.auth`, which is base64 of `user:password`, and `identitytoken` and `registrytoken`, which
 * are plain.
 */
export function readDockerConfig(text: string): RawHit[] {
  const config = parse(text) as { auths?: unknown } | null;
  // The legacy .dockercfg has the hosts at the top level.
  const hosts = entries(config?.auths ?? config);
  const hits: RawHit[] = [];
  for (const [host, login] of hosts.slice(0, MAX_VALUES)) {
    for (const [field, value] of entries(login)) {
      if (typeof value !== 'string' || !/^(?:auth|identitytoken|registrytoken|password)$/.test(field))
        continue;
      const place = placeOf(text, value);
      if (place === null || value === '') continue;
      const pair = field === 'auth' ? printableBase64(value) : null;
      const colon = pair?.indexOf(':') ?? -1;
      hits.push(
        fieldHit(text, {
          rule: 'docker-config',
          title: 'Container registry login',
          ...place,
          severity: 'critical',
          ...(pair !== null && colon > 0 ? { value: pair.slice(colon + 1) } : {}),
          details: { host, ...(pair !== null && colon > 0 ? { user: pair.slice(0, colon) } : {}) },
        }),
      );
    }
  }
  return hits;
}

const SECRET_ATTRIBUTE =
  /^(?:.*_)?(?:password|passwd|secret|secret_key|secret_string|token|private_key(?:_pem|_openssh)?|access_key|api_key|auth_token|connection_string|primary_key|secondary_key|master_password|admin_password|client_secret|client_key|result)$/;
/**
 * Resource types whose `result` is a secret, such as `random_password`; many other resources have a harmless
 * `result`.
 */
const RESULT_TYPES = /^random_(?:password|string|bytes)$/;

/**
 * Reads secrets that Terraform stores in its state as plain text: attributes by name, and outputs marked
 * sensitive.
 */
export function readTerraformState(text: string): RawHit[] {
  const state = parse(text) as { resources?: unknown; outputs?: unknown } | null;
  const hits: RawHit[] = [];
  const add = (value: unknown, details: Record<string, string>): void => {
    if (typeof value !== 'string' || value.length < 4 || hits.length >= MAX_VALUES) return;
    const place = placeOf(text, value);
    if (place === null) return;
    hits.push(
      fieldHit(text, {
        rule: 'terraform-state',
        title: 'Secret in Terraform state',
        ...place,
        value,
        severity: 'high',
        details,
      }),
    );
  };
  for (const [, resource] of entries(state?.resources)) {
    const { type, name, instances } = resource as { type?: unknown; name?: unknown; instances?: unknown };
    const address = `${String(type)}.${String(name)}`;
    for (const [, instance] of entries(instances)) {
      for (const [key, value] of entries((instance as { attributes?: unknown } | null)?.attributes)) {
        if (!SECRET_ATTRIBUTE.test(key)) continue;
        if (key === 'result' && !RESULT_TYPES.test(String(type))) continue;
        add(value, { resource: address, attribute: key });
      }
    }
  }
  for (const [name, output] of entries(state?.outputs)) {
    const { sensitive, value } = output as { sensitive?: unknown; value?: unknown };
    if (sensitive === true) add(value, { output: name });
  }
  return hits;
}
