import type { Check, Failure } from '../check.ts';
import { records } from '../subject.ts';

const LOGIN = /\/(?:ba|da|a|z|k|fi|c|tc)?sh$/;

export const accounts: Check = {
  id: 'accounts',
  title: 'Account that should not be so',
  looksAt: ['files'],
  references: ['dockle DKL-LI-0001', 'dockle DKL-LI-0002'],
  advice: ['RUN passwd --lock <NAME>'],
  run(subject) {
    const failures: Failure[] = [];
    const passwds = subject.generations('/etc/passwd');
    const shadows = subject.generations('/etc/shadow');
    if (passwds.length === 0 && shadows.length === 0) return { unknown: 'the image has no /etc/passwd' };
    const add = (
      key: string,
      severity: Failure['severity'],
      title: string,
      event: number,
      reason = title,
    ): void => {
      const known = failures.findIndex((failure) => failure.key === key);
      const at = { kind: 'file', event } as const;
      if (known >= 0) failures[known] = { ...failures[known]!, at: [...failures[known]!.at, at] };
      else failures.push({ key, severity, title, reason, at: [at] });
    };
    for (const { event, text } of shadows) {
      for (const [name = '', hash = ''] of records(text)) {
        if (hash === '')
          add(
            `empty ${name}`,
            'critical',
            'Account without a password',
            event,
            `${name} has an empty password field in /etc/shadow`,
          );
      }
    }
    for (const { event, text } of passwds) {
      const uids = new Map<string, string[]>();
      for (const [name = '', password = '', uid = '', , , , shell = ''] of records(text)) {
        uids.set(uid, [...(uids.get(uid) ?? []), name]);
        if (password === '')
          add(
            `empty ${name}`,
            'critical',
            'Account without a password',
            event,
            `${name} has an empty password field in /etc/passwd`,
          );
        if (uid === '0' && name !== 'root')
          add(
            `root ${name}`,
            'high',
            'A second account with uid 0',
            event,
            `${name} is root by another name`,
          );
        if (LOGIN.test(shell) && Number(uid) > 0 && Number(uid) < 100 && name !== 'sync')
          add(`shell ${name}`, 'info', 'System account with a login shell', event, `${name} has ${shell}`);
      }
      for (const [uid, names] of uids) {
        if (names.length > 1 && uid !== '0')
          add(`uid ${uid}`, 'low', 'Accounts that share a uid', event, `uid ${uid}: ${names.join(', ')}`);
      }
    }
    for (const { event, text } of subject.generations('/etc/group')) {
      const gids = new Map<string, string[]>();
      for (const [name = '', , gid = ''] of records(text)) gids.set(gid, [...(gids.get(gid) ?? []), name]);
      for (const [gid, names] of gids) {
        if (names.length > 1)
          add(`gid ${gid}`, 'low', 'Groups that share a gid', event, `gid ${gid}: ${names.join(', ')}`);
      }
    }
    return failures;
  },
};
