import type { Check } from '../check.ts';
import { unreadLayers } from '../gaps.ts';
import { settingEntry } from '../setting-entry.ts';
import { records } from '../subject.ts';

/** Checks the default user of a container; it can be overridden when the container starts. */
export const rootUser: Check = {
  id: 'root-user',
  title: 'Root as default user',
  severities: ['medium'],
  sources: ['config'],
  references: ['CIS Docker 4.1', 'dockle CIS-DI-0001', 'trivy DS-0002', 'hadolint DL3002'],
  advice: [
    'RUN useradd --system --uid 10001 app',
    'USER 10001',
    'The user can be overridden when the container starts: set runAsNonRoot too.',
  ],
  run(subject) {
    const { finalText, history, stacked } = subject;
    if (stacked.image.platform.os === 'windows') return { unknown: 'Windows has no root' };
    const user = stacked.image.config.runtime.user ?? '';
    const name = user.split(':')[0]!;
    const at = [
      { kind: 'config', surface: 'config', key: 'User', entry: settingEntry(history, 'USER') },
    ] as const;
    const failed = (reason: string) => [{ key: 'user', severity: 'medium', reason, at }] as const;
    if (name === '') return failed('the config sets no user, so the default user is root');
    if (/^\d+$/.test(name)) return Number(name) === 0 ? failed(`the default user is uid ${name}`) : [];
    if (name === 'root') return failed('the default user is root');
    const passwd = finalText('/etc/passwd');
    const unread = unreadLayers(subject);
    if (unread !== null) return { unknown: `${unread}, which may define the user ${name}` };
    if (passwd === null) return { unknown: `the image has no /etc/passwd that defines the user ${name}` };
    const entry = records(passwd).find(([account]) => account === name);
    if (entry === undefined)
      return [
        {
          key: 'user',
          severity: 'medium',
          reason: `the user ${name} is not in /etc/passwd, so the container cannot start`,
          at,
        },
      ];
    return Number(entry[2]) === 0 ? failed(`the user ${name} has uid 0`) : [];
  },
};
