import type { Check, Failure } from '../check.ts';

const IMPORTANT: readonly (readonly [
  key: string,
  pattern: RegExp,
  severity: Failure['severity'],
  what: string,
])[] = [
  ['preload', /^\/etc\/ld\.so\.preload$/, 'high', 'every program loads what it names'],
  ['sudoers', /^\/etc\/sudoers(?:\.d\/[^/]+)?$/, 'high', 'who may become root'],
  ['pam', /^\/etc\/pam\.d\/[^/]+$/, 'medium', 'who may sign in, and how'],
  [
    'trust',
    /^\/(?:usr\/local\/share\/ca-certificates|etc\/pki\/ca-trust\/source\/anchors|etc\/ssl\/certs)\/[^/]+\.(?:crt|pem)$/,
    'medium',
    'whom TLS trusts',
  ],
  [
    'cron',
    /^\/(?:etc\/cron[^/]*\/[^/]+|etc\/crontab|var\/spool\/cron\/.+)$/,
    'medium',
    'what runs by itself',
  ],
  ['init', /^\/etc\/(?:init\.d|systemd\/system)\/[^/]+$/, 'low', 'what starts by itself'],
  [
    'sources',
    /^\/etc\/(?:apt\/(?:sources\.list(?:\.d\/[^/]+)?|trusted\.gpg(?:\.d\/[^/]+)?)|apk\/(?:repositories|keys\/[^/]+)|yum\.repos\.d\/[^/]+)$/,
    'low',
    'where packages come from',
  ],
  ['accounts', /^\/etc\/(?:passwd|shadow|group|gshadow)$/, 'info', 'who there is'],
];

/** What an application's own layers changed of the system: mostly meant, always worth a look. */
export const systemFiles: Check = {
  id: 'system-file-changed',
  title: 'Important file changed by the application',
  looksAt: ['files'],
  references: [],
  advice: ['See whether the instruction was meant to change it: exhume path <IMAGE> <PATH>'],
  run(subject) {
    if (!subject.origins.includes('application'))
      return { unknown: 'base and application could not be told apart' };
    const found = new Map<string, number[]>();
    for (const event of subject.fileEvents()) {
      if (subject.originOfEvent(event) !== 'application') continue;
      const path = subject.pathOf(event);
      const key = IMPORTANT.find(([, pattern]) => pattern.test(path))?.[0];
      if (key !== undefined) found.set(key, [...(found.get(key) ?? []), event]);
    }
    return [...found].map(([key, events]): Failure => {
      const [, , severity, what] = IMPORTANT.find(([name]) => name === key)!;
      return {
        key,
        severity,
        reason: `${subject.pathOf(events[0]!)}: ${what}`,
        at: events.map((event) => ({ kind: 'file', event })),
      };
    });
  },
};
