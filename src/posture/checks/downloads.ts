import type { Check, Failure } from '../check.ts';
import { runsOf } from '../commands.ts';

const RISKS: readonly (readonly [
  key: string,
  pattern: RegExp,
  severity: Failure['severity'],
  what: string,
])[] = [
  [
    'pipe',
    /\b(?:curl|wget)\b[^|;&\n]*\|\s*(?:sudo\s+(?:-\w+\s+)*)?(?:\S*\/)?(?:(?:ba|da|z|k)?sh|python\d?|perl|ruby|node)\b|\b(?:(?:ba|da|z|k)?sh\s+(?:-\w*c\s+["']?\$\(|<\()|eval\s+["']?\$\(|source\s+<\()\s*(?:curl|wget)\b/,
    'medium',
    'runs what it downloads, unseen',
  ],
  ['http', /\b(?:curl|wget)\b[^;&|\n]*\shttp:\/\/(?!localhost|127\.)/, 'low', 'downloads without TLS'],
  [
    'insecure',
    /\bcurl\b[^;&|\n]*\s(?:-\w*k\w*|--insecure)(?:\s|$)|\bwget\b[^;&|\n]*--no-check-certificate/,
    'medium',
    'checks no certificate',
  ],
  [
    'unsigned',
    /--allow-unauthenticated|--no-?gpg-?check|--allow-untrusted|--force-yes|\[trusted=yes\]/,
    'medium',
    'installs packages that nobody has signed',
  ],
  ['trusted-host', /--trusted-host\b/, 'low', 'lets pip trust a host without a certificate'],
];

export const downloads: Check = {
  id: 'unchecked-download',
  title: 'Something is fetched that nobody has checked',
  severities: ['medium', 'low'],
  looksAt: ['history'],
  references: ['hadolint DL4006', 'hadolint DL3047'],
  advice: [
    'Download over TLS, check a signature or a sha256 that is written down, then run it: ADD --checksum=sha256:<HASH> <URL> <PATH>',
  ],
  run(subject) {
    return RISKS.flatMap(([key, pattern, severity, what]): Failure[] => {
      const at = runsOf(subject)
        .filter(({ text }) => pattern.test(text))
        .map(({ entry }) => ({ kind: 'history', entry }) as const);
      return at.length === 0 ? [] : [{ key, severity, reason: `a RUN ${what}`, at }];
    });
  },
};
