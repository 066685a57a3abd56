import { keyValues } from '../../history/key-values.ts';
import { isKeyFingerprint, isSecretName } from '../../secrets/names.ts';
import type { Check, Failure } from '../check.ts';
import { settingEntry } from '../setting-entry.ts';

/** Checks names only. The secret rules check values; a value that is a public key fingerprint is ignored here. */
export const secretNames: Check = {
  id: 'secret-names',
  title: 'Secret-like variable name',
  severities: ['medium'],
  sources: ['config', 'history'],
  references: ['CIS Docker 4.10', 'dockle CIS-DI-0010', 'trivy DS-0031', 'BuildKit SecretsUsedInArgOrEnv'],
  advice: [
    'Replace ARG with a secret mount: RUN --mount=type=secret,id=<ID> <COMMAND>',
    'Replace ENV: pass the value to the container at run time.',
  ],
  run({ history, stacked }) {
    const failures: Failure[] = [];
    for (const variable of stacked.image.config.runtime.env) {
      const [name = '', value = ''] = splitAt(variable);
      if (value === '' || !namesSecret(name, value)) continue;
      failures.push({
        key: `env ${name}`,
        severity: 'medium',
        reason: `ENV ${name} has a value`,
        at: [{ kind: 'config', surface: 'env', key: name, entry: settingEntry(history, 'ENV', name) }],
      });
    }
    const final = new Map(stacked.image.config.runtime.env.map(splitAt));
    for (const [entry, { keyword, text }] of history.instructions.entries()) {
      // A value that a later ENV clears remains in the history.
      const set = keyword === 'ENV' ? keyValues(text.slice('ENV '.length), final).pairs : [];
      for (const { key, value } of set) {
        if (value === '' || !namesSecret(key, value) || (final.get(key) ?? '') !== '') continue;
        failures.push({
          key: `past env ${key}`,
          severity: 'medium',
          reason: `ENV ${key} had a value, which is still in the history`,
          at: [{ kind: 'history', entry }],
        });
      }
      for (const { name, value } of keyword === 'ARG' ? declaredArgs(text) : []) {
        if (!namesSecret(name, value)) continue;
        failures.push({
          key: `arg ${name}`,
          severity: 'medium',
          reason: `${name} is a build argument, so its value is recorded`,
          at: [{ kind: 'history', entry }],
        });
      }
    }
    return failures;
  },
};

/** Working directory variables of the shell, not passwords. */
const WORKING_DIRECTORY = /^(?:OLD)?PWD$/;

/** @param value null if the image does not record it */
function namesSecret(name: string, value: string | null): boolean {
  return !WORKING_DIRECTORY.test(name) && isSecretName(name) && !isKeyFingerprint(name, value);
}

interface DeclaredArg {
  readonly name: string;
  /** Null if the ARG has no default. */
  readonly value: string | null;
}

/**
 * Returns the arguments that an ARG declares. Builders record values without quotes, so words without `=`
 * after a value are part of it.
 */
function declaredArgs(text: string): DeclaredArg[] {
  const words = text.slice('ARG '.length).trim().split(/\s+/);
  const valued = words.some((word) => word.includes('='));
  const declared: { name: string; value: string | null }[] = [];
  for (const [i, word] of words.entries()) {
    const before = declared.at(-1);
    if (i > 0 && valued && !word.includes('=')) {
      if (before?.value != null) before.value += ` ${word}`;
      continue;
    }
    const name = /^[A-Za-z_]\w*(?==|$)/.exec(word)?.[0];
    if (name === undefined) continue;
    declared.push({ name, value: word.includes('=') ? word.slice(name.length + 1) : null });
  }
  return declared;
}

function splitAt(variable: string): [string, string] {
  const equals = variable.indexOf('=');
  return equals < 0 ? [variable, ''] : [variable.slice(0, equals), variable.slice(equals + 1)];
}
