import { keyValues } from '../../history/key-values.ts';
import type { Check, Failure } from '../check.ts';
import { settingEntry } from '../setting-entry.ts';

/** Words of a name that say what its value is. A name is split at `_` and `-`: MONKEY is no KEY. */
const SECRET = new Set([
  'password',
  'passwd',
  'pass',
  'secret',
  'token',
  'key',
  'apikey',
  'credential',
  'credentials',
  'auth',
]);
const HARMLESS = new Set([
  'public',
  'file',
  'path',
  'url',
  'id',
  'name',
  'version',
  'dir',
  'keyring',
  'keyserver',
  'gpg',
  'fingerprint',
]);

/** Names only: whether a value is a credential is told by the rules for credentials. */
export const secretNames: Check = {
  id: 'secret-names',
  title: 'A variable or build argument is named like a secret',
  severities: ['medium'],
  looksAt: ['config', 'history'],
  references: ['CIS Docker 4.10', 'dockle CIS-DI-0010', 'trivy DS-0031', 'BuildKit SecretsUsedInArgOrEnv'],
  advice: [
    'RUN --mount=type=secret,id=<ID> <COMMAND> in place of ARG',
    'Give it to the container when it starts in place of ENV.',
  ],
  run({ history, stacked }) {
    const failures: Failure[] = [];
    for (const variable of stacked.image.config.runtime.env) {
      const [name = '', value = ''] = splitAt(variable);
      if (!soundsSecret(name) || value === '') continue;
      failures.push({
        key: `env ${name}`,
        severity: 'medium',
        reason: `ENV ${name} has a value`,
        at: [{ kind: 'config', surface: 'env', key: name, entry: settingEntry(history, 'ENV', name) }],
      });
    }
    const final = new Map(stacked.image.config.runtime.env.map(splitAt));
    for (const [entry, { keyword, text }] of history.instructions.entries()) {
      // A value that a later ENV empties stays in the history.
      const set = keyword === 'ENV' ? keyValues(text.slice('ENV '.length), final).pairs : [];
      for (const { key, value } of set) {
        if (!soundsSecret(key) || value === '' || (final.get(key) ?? '') !== '') continue;
        failures.push({
          key: `past env ${key}`,
          severity: 'medium',
          reason: `ENV ${key} had a value that the history still has`,
          at: [{ kind: 'history', entry }],
        });
      }
      for (const name of keyword === 'ARG' ? argNames(text) : []) {
        if (!soundsSecret(name)) continue;
        failures.push({
          key: `arg ${name}`,
          severity: 'medium',
          reason: `the build takes ${name} as an argument: its value is recorded`,
          at: [{ kind: 'history', entry }],
        });
      }
    }
    return failures;
  },
};

/** Names that an ARG declares. Values are recorded without quotes: a bare word behind one belongs to it. */
function argNames(text: string): string[] {
  const words = text.slice('ARG '.length).trim().split(/\s+/);
  const valued = words.some((word) => word.includes('='));
  return words
    .filter((word, i) => i === 0 || !valued || word.includes('='))
    .map((word) => /^[A-Za-z_]\w*(?==|$)/.exec(word)?.[0])
    .filter((name) => name !== undefined);
}

function splitAt(variable: string): [string, string] {
  const equals = variable.indexOf('=');
  return equals < 0 ? [variable, ''] : [variable.slice(0, equals), variable.slice(equals + 1)];
}

/** Whether a name says that its value is a secret. */
export function soundsSecret(name: string): boolean {
  const words = name.toLowerCase().split(/[_-]+/);
  return words.some((word) => SECRET.has(word)) && !words.some((word) => HARMLESS.has(word));
}
