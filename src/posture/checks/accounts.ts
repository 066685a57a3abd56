import type { Severity } from '../../finding/finding.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { Check, Failure } from '../check.ts';
import { records, type Subject } from '../subject.ts';

const LOGIN = /\/(?:ba|da|a|z|k|fi|c|tc)?sh$/;
/** System accounts that distributions ship with a shell, since it is no way in: sync runs sync. */
const SHELL_MEANT = new Set(['root', 'sync']);
/** Ids that a distribution gives out itself (Debian Policy 9.2.2). */
const LAST_STATIC = 99;

/** Of one generation of a file. One with more is made to be looked at, not to be used. */
const MOST_PROBLEMS = 500;

/** Names of one reason. */
const MOST_NAMES = 20;

/** A problem of the accounts as one generation of a file has them. */
interface Problem {
  readonly key: string;
  readonly severity: Severity;
  readonly title: string;
  readonly reason: string;
  readonly advice: string;
}

/** Every generation of the files is looked at: what an older one has can be read by whoever has the image. */
export const accounts: Check = {
  id: 'accounts',
  title: 'Account that should not be so',
  severities: ['critical', 'high', 'low', 'info'],
  sources: ['files'],
  references: ['dockle DKL-LI-0001', 'dockle DKL-LI-0002'],
  advice: ['RUN passwd --lock <NAME>'],
  run(subject) {
    const files = [
      ['/etc/shadow', shadowProblems],
      ['/etc/passwd', passwdProblems],
      ['/etc/group', groupProblems],
    ] as const;
    if (files.every(([path]) => subject.generations(path).length === 0)) {
      return { unknown: 'the image has no /etc/passwd and no /etc/shadow' };
    }
    return files.flatMap(([path, problems]) => failuresOf(subject, path, problems));
  },
};

function failuresOf(
  subject: Subject,
  path: '/etc/shadow' | '/etc/passwd' | '/etc/group',
  problems: (lines: string[][]) => Iterable<Problem>,
): Failure[] {
  return subject.generations(path).flatMap(({ event, text }) => {
    const byKey = new Map<string, Failure>();
    // Lines of NIS (`+::::`) are no accounts.
    const lines = records(text).filter(([name = '']) => name !== '' && !/^[+-]/.test(name));
    for (const { advice, ...told } of problems(lines)) {
      if (byKey.size >= MOST_PROBLEMS) break;
      if (!byKey.has(told.key))
        byKey.set(told.key, { ...told, advice: [advice], at: [{ kind: 'file', event }] });
    }
    return [...byKey.values()];
  });
}

function* shadowProblems(lines: readonly string[][]): Generator<Problem> {
  for (const [name = '', hash = ''] of lines) yield* passwordProblems(name, hash, '/etc/shadow');
}

function* passwdProblems(lines: readonly string[][]): Generator<Problem> {
  for (const [name = '', password = '', uid = '', , , , shell = ''] of lines) {
    if (password !== 'x') yield* passwordProblems(name, password, '/etc/passwd');
    if (Number(uid) === 0 && uid !== '' && name !== 'root') {
      yield {
        key: `root ${name}`,
        severity: 'high',
        title: 'A second account with uid 0',
        reason: `${name} is root by another name`,
        advice: `RUN userdel ${shellWord(name)}`,
      };
    }
    if (LOGIN.test(shell) && Number(uid) > 0 && Number(uid) <= LAST_STATIC && !SHELL_MEANT.has(name)) {
      yield {
        key: `shell ${name}`,
        severity: 'info',
        title: 'System account with a login shell',
        reason: `${name} has ${shell}`,
        advice: `RUN usermod --shell /usr/sbin/nologin ${shellWord(name)}`,
      };
    }
  }
  for (const [uid, names] of shared(lines)) {
    // A second root is told by name.
    if (Number(uid) === 0) continue;
    yield {
      key: `uid ${uid}`,
      severity: 'low',
      title: 'Accounts that share a uid',
      reason: `uid ${uid}: ${names.join(', ')}`,
      advice: 'A uid for each: files of one belong to the other, too.',
    };
  }
}

function* groupProblems(lines: readonly string[][]): Generator<Problem> {
  for (const [gid, names] of shared(lines)) {
    yield {
      key: `gid ${gid}`,
      severity: 'low',
      title: 'Groups that share a gid',
      reason: `gid ${gid}: ${names.join(', ')}`,
      advice: 'A gid for each: what is meant for one group is open to the other, too.',
    };
  }
}

/** `*`, `!` and their like let nobody in (shadow(5)); behind a lock there may be a hash that can be guessed. */
function* passwordProblems(name: string, field: string, path: string): Generator<Problem> {
  if (field === '') {
    yield {
      key: `empty ${name}`,
      severity: 'critical',
      title: 'Account without a password',
      reason: `${name} has an empty password field in ${path}`,
      advice: `RUN passwd --lock ${shellWord(name)}`,
    };
    return;
  }
  const hash = field.replace(/^[!*]+/, '');
  if (!/^\$\w|^[./0-9A-Za-z]{13}$|^_[./0-9A-Za-z]{19}$/.test(hash)) return;
  const locked = hash !== field;
  yield {
    key: `hash ${name}`,
    severity: locked ? 'info' : 'low',
    title: 'Account with a password in the image',
    reason: `${name} has a password hash in ${path}${locked ? ', locked' : ''}: who has the image can guess at it`,
    advice: `RUN usermod --password '*' ${shellWord(name)}, in the instruction that sets it; a container needs no passwords`,
  };
}

/** Numbers in the third field that several names have, with some of the names. */
function shared(lines: readonly string[][]): [number: string, names: string[]][] {
  const names = new Map<string, Set<string>>();
  for (const [name = '', , number = ''] of lines) {
    const known = names.get(number);
    if (known === undefined) names.set(number, new Set([name]));
    else known.add(name);
  }
  return [...names]
    .filter(([number, group]) => number !== '' && group.size > 1)
    .map(([number, group]) => {
      const more = group.size > MOST_NAMES ? [`${group.size - MOST_NAMES} more`] : [];
      return [number, [...[...group].slice(0, MOST_NAMES), ...more]];
    });
}
