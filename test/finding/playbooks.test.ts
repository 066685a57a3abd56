import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PLAYBOOKS, playbookFor } from '../../src/finding/playbooks/catalogue.ts';
import { RULES } from '../../src/secrets/rules/catalogue.ts';

const FAMILIES = path.join(import.meta.dirname, '../../src/secrets/rules');

/** The playbooks allowed for the rules of each file. Rules that may match anything use the generic one. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'ai.ts': ['ai'],
  'assignments.ts': ['generic', 'password', 'registry'],
  'aws.ts': ['aws'],
  'azure.ts': ['azure', 'registry', 'messaging'],
  'chat.ts': ['slack', 'messaging'],
  'cloud.ts': ['cloud', 'database'],
  'delivery.ts': ['delivery', 'password', 'cloud'],
  'github.ts': ['github'],
  'gitlab.ts': ['gitlab'],
  'google.ts': ['google'],
  'keys.ts': ['private-key', 'ssh-key', 'vault'],
  'mail.ts': ['messaging', 'aws'],
  'monitoring.ts': ['monitoring'],
  'packages.ts': ['npm', 'package-index', 'registry', 'password'],
  'payment.ts': ['stripe', 'payment'],
  'vaults.ts': ['vault'],
  'web.ts': ['jwt', 'registry', 'database', 'password', 'generic', 'private-key'],
  'work.ts': ['service', 'password'],
};

/** Files in the directory that contain no rules. */
const NO_FAMILIES: ReadonlySet<string> = new Set([
  'alphabet.ts',
  'build.ts',
  'catalogue.ts',
  'distinctive-format.ts',
]);

const families = readdirSync(FAMILIES).filter((name) => !NO_FAMILIES.has(name));

it.each(families)('maps each rule of %s to a matching playbook', async (name) => {
  const file = (await import(path.join(FAMILIES, name))) as Record<string, unknown>;
  const rules = Object.values(file)
    .filter((value) => Array.isArray(value))
    .flat() as { id: string }[];
  expect(rules.length).toBeGreaterThan(0);
  const strange = rules.filter(({ id }) => !EXPECTED[name]?.includes(playbookFor(id).id));
  expect(strange.map(({ id }) => `${id}: ${playbookFor(id).id}`)).toEqual([]);
});

it('uses the generic playbook only for rules that may match anything', () => {
  const general = RULES.filter(({ id }) => playbookFor(id).id === 'generic').map(({ id }) => id);
  expect(general.toSorted()).toEqual([
    'bearer-token',
    'key-assignment',
    'secret-assignment',
    'token-assignment',
  ]);
});

it('uses the Kubernetes playbook for files in cluster directories', () => {
  expect(playbookFor('json-web-token', '/root/.kube/config').id).toBe('kubernetes');
  expect(playbookFor('private-key-rsa', '/etc/kubernetes/pki/ca.key').id).toBe('kubernetes');
  expect(playbookFor('json-web-token', '/app/kube.js').id).toBe('jwt');
});

describe.each(PLAYBOOKS)('$id', ({ cites, steps }) => {
  it('revokes before it checks, and cites its sources', () => {
    const phases = steps.map(({ phase }) => phase);
    expect(phases).toEqual(phases.toSorted((a, b) => Number(a === 'check') - Number(b === 'check')));
    expect(new Set(phases)).toEqual(new Set(['revoke', 'check']));
    expect(cites.length).toBeGreaterThan(0);
    // Commands cannot be run as they are: they have placeholders for account names.
    for (const command of steps.flatMap(({ commands }) => commands)) {
      expect(command).not.toMatch(/^\s*(?:sudo|rm)\b/);
    }
  });
});
