import type { Severity } from '../../finding/finding.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { Check, Failure } from '../check.ts';
import { records, type Subject } from '../subject.ts';

const LOGIN = /\/(?:ba|da|a|z|k|fi|c|tc)?sh$/;
/** Accounts that distributions ship with a shell on purpose. */
const SHELL_ALLOWED = new Set(['root', 'sync']);
/** The highest id that a distribution assigns statically (Debian Policy 9.2.2). */
const LAST_STATIC = 99;

/** Maximum number of problems per generation of a file; only hostile files have more. */
const MAX_PROBLEMS = 500;

/** Maximum number of names in one reason. */
const MAX_NAMES = 20;

/** A problem in one generation of an account file. */
interface Problem {
  readonly key: string;
  readonly severity: Severity;
  readonly title: string;
  readonly reason: string;
  readonly advice: string;
}

/** Checks all generations of the files, since anyone with the image can read the older ones. */
export const accounts: Check = {
  id: 'accounts',
  title: 'Insecure account settings',
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
    // NIS lines (`+::::`) are not accounts.
    const lines = records(text).filter(([name = '']) => name !== '' && !/^[+-]/.test(name));
    for (const { advice, ...problem } of problems(lines)) {
      if (byKey.size >= MAX_PROBLEMS) break;
      if (!byKey.has(problem.key))
        byKey.set(problem.key, { ...problem, advice: [advice], at: [{ kind: 'file', event }] });
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
        title: 'Second account with uid 0',
        reason: `${name} has uid 0, like root`,
        advice: `RUN userdel ${shellWord(name)}`,
      };
    }
    if (LOGIN.test(shell) && Number(uid) > 0 && Number(uid) <= LAST_STATIC && !SHELL_ALLOWED.has(name)) {
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
    // A second account with uid 0 is a problem of its own.
    if (Number(uid) === 0) continue;
    yield {
      key: `uid ${uid}`,
      severity: 'low',
      title: 'Duplicate uid',
      reason: `uid ${uid}: ${names.join(', ')}`,
      advice: 'Give each account its own uid: otherwise they share the ownership of files.',
    };
  }
}

function* groupProblems(lines: readonly string[][]): Generator<Problem> {
  for (const [gid, names] of shared(lines)) {
    yield {
      key: `gid ${gid}`,
      severity: 'low',
      title: 'Duplicate gid',
      reason: `gid ${gid}: ${names.join(', ')}`,
      advice: 'Give each group its own gid: otherwise they share access to files.',
    };
  }
}

/** Values such as `*` and `!` allow no login (shadow(5)), but a hash that can be cracked may follow a `!`. */
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
    title: 'Password hash in the image',
    reason: `${name} has a password hash in ${path}${locked ? ' (locked)' : ''}: anyone with the image can try to crack it`,
    advice: `RUN usermod --password '*' ${shellWord(name)}, in the instruction that sets the password; a container needs none`,
  };
}

/** Returns the ids (third field) that several names share, with up to {@link MAX_NAMES} of the names. */
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
      const more = group.size > MAX_NAMES ? [`${group.size - MAX_NAMES} more`] : [];
      return [number, [...[...group].slice(0, MAX_NAMES), ...more]];
    });
}
