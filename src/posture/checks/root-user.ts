import type { Check } from '../check.ts';
import { unreadLayers } from '../gaps.ts';
import { settingEntry } from '../setting-entry.ts';
import { records } from '../subject.ts';

/** Who a container runs as, unless whoever starts it says otherwise. */
export const rootUser: Check = {
  id: 'root-user',
  title: 'Runs as root by default',
  severities: ['medium'],
  sources: ['config'],
  references: ['CIS Docker 4.1', 'dockle CIS-DI-0001', 'trivy DS-0002', 'hadolint DL3002'],
  advice: [
    'RUN useradd --system --uid 10001 app',
    'USER 10001',
    'Whoever starts the container can still override it: set runAsNonRoot too.',
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
    if (name === '') return failed('the config names no user: the image default is root');
    if (/^\d+$/.test(name)) return Number(name) === 0 ? failed(`the image default is uid ${name}`) : [];
    if (name === 'root') return failed('the image default is root');
    const passwd = finalText('/etc/passwd');
    const unread = unreadLayers(subject);
    if (unread !== null) return { unknown: `${unread}: it may say who ${name} is` };
    if (passwd === null) return { unknown: `the image has no /etc/passwd that says who ${name} is` };
    const entry = records(passwd).find(([account]) => account === name);
    if (entry === undefined)
      return [
        {
          key: 'user',
          severity: 'medium',
          reason: `the user ${name} is not in /etc/passwd: the container does not start`,
          at,
        },
      ];
    return Number(entry[2]) === 0 ? failed(`the user ${name} has uid 0`) : [];
  },
};
