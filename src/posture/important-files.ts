import type { Severity } from '../finding/finding.ts';

/** A kind of file that controls the security of a system. */
export interface ImportantKind {
  readonly key: string;
  readonly path: RegExp;
  /** Severity of a change by the application. */
  readonly severity: Severity;
  /** What the files control, for display. */
  readonly controls: string;
}

const KINDS: readonly ImportantKind[] = [
  {
    key: 'preload',
    path: /^\/etc\/ld\.so\.preload$/,
    severity: 'high',
    controls: 'which libraries every program loads',
  },
  {
    key: 'sudoers',
    path: /^\/etc\/(?:sudoers(?:\.d\/[^/]+)?|doas\.conf|doas\.d\/[^/]+)$/,
    severity: 'high',
    controls: 'who can become root',
  },
  {
    key: 'pam',
    path: /^\/etc\/pam(?:\.d\/[^/]+|\.conf)$/,
    severity: 'medium',
    controls: 'who can sign in, and how',
  },
  {
    key: 'trust',
    path: /^\/(?:usr\/local\/share\/ca-certificates|etc\/pki\/ca-trust\/source\/anchors|usr\/share\/pki\/ca-trust-source\/anchors|etc\/ssl\/certs|etc\/pki\/tls\/certs)\/(?:.+\/)?[^/]+\.(?:crt|pem)$|^\/etc\/ssl\/cert\.pem$/,
    severity: 'medium',
    controls: 'which certificates TLS trusts',
  },
  {
    key: 'cron',
    path: /^\/(?:etc\/cron[^/]*\/[^/]+|etc\/crontab|var\/spool\/cron\/.+)$/,
    severity: 'medium',
    controls: 'scheduled commands',
  },
  {
    key: 'init',
    path: /^\/etc\/(?:init\.d\/[^/]+|systemd\/system\/.+|rc\.local|inittab)$/,
    severity: 'low',
    controls: 'which services start',
  },
  {
    key: 'sources',
    path: /^\/etc\/(?:apt\/(?:sources\.list(?:\.d\/[^/]+)?|trusted\.gpg(?:\.d\/[^/]+)?|keyrings\/[^/]+)|apk\/(?:repositories|keys\/[^/]+)|yum\.repos\.d\/[^/]+)$|^\/usr\/share\/keyrings\/[^/]+$/,
    severity: 'low',
    controls: 'where packages come from',
  },
  {
    key: 'accounts',
    path: /^\/etc\/(?:passwd|shadow|group|gshadow)$/,
    severity: 'info',
    controls: 'which accounts exist',
  },
];

/** Patterns of the paths of important files. */
export const IMPORTANT_PATHS: readonly RegExp[] = KINDS.map(({ path }) => path);

/** Returns the kind of an important file; null for other files. */
export function importantKind(path: string): ImportantKind | null {
  // Fast path: most files are not important.
  if (!/^\/(?:etc|usr\/(?:local\/)?share|var\/spool)\//.test(path)) return null;
  return KINDS.find((kind) => kind.path.test(path)) ?? null;
}
