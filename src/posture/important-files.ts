import type { Severity } from '../finding/finding.ts';

/** A kind of file on which the safety of a system rests. */
export interface ImportantKind {
  readonly key: string;
  readonly path: RegExp;
  /** Of an application that changes it. */
  readonly severity: Severity;
  /** What the files decide, for people. */
  readonly decides: string;
}

const KINDS: readonly ImportantKind[] = [
  {
    key: 'preload',
    path: /^\/etc\/ld\.so\.preload$/,
    severity: 'high',
    decides: 'every program loads what it names',
  },
  {
    key: 'sudoers',
    path: /^\/etc\/(?:sudoers(?:\.d\/[^/]+)?|doas\.conf|doas\.d\/[^/]+)$/,
    severity: 'high',
    decides: 'who may become root',
  },
  {
    key: 'pam',
    path: /^\/etc\/pam(?:\.d\/[^/]+|\.conf)$/,
    severity: 'medium',
    decides: 'who may sign in, and how',
  },
  {
    key: 'trust',
    path: /^\/(?:usr\/local\/share\/ca-certificates|etc\/pki\/ca-trust\/source\/anchors|usr\/share\/pki\/ca-trust-source\/anchors|etc\/ssl\/certs|etc\/pki\/tls\/certs)\/(?:.+\/)?[^/]+\.(?:crt|pem)$|^\/etc\/ssl\/cert\.pem$/,
    severity: 'medium',
    decides: 'whom TLS trusts',
  },
  {
    key: 'cron',
    path: /^\/(?:etc\/cron[^/]*\/[^/]+|etc\/crontab|var\/spool\/cron\/.+)$/,
    severity: 'medium',
    decides: 'what runs by itself',
  },
  {
    key: 'init',
    path: /^\/etc\/(?:init\.d\/[^/]+|systemd\/system\/.+|rc\.local|inittab)$/,
    severity: 'low',
    decides: 'what starts by itself',
  },
  {
    key: 'sources',
    path: /^\/etc\/(?:apt\/(?:sources\.list(?:\.d\/[^/]+)?|trusted\.gpg(?:\.d\/[^/]+)?|keyrings\/[^/]+)|apk\/(?:repositories|keys\/[^/]+)|yum\.repos\.d\/[^/]+)$|^\/usr\/share\/keyrings\/[^/]+$/,
    severity: 'low',
    decides: 'where packages come from',
  },
  {
    key: 'accounts',
    path: /^\/etc\/(?:passwd|shadow|group|gshadow)$/,
    severity: 'info',
    decides: 'who there is',
  },
];

/** What the paths of important files match. */
export const IMPORTANT_PATHS: readonly RegExp[] = KINDS.map(({ path }) => path);

/** What kind of important file a path is; null for what is none. */
export function importantKind(path: string): ImportantKind | null {
  // Nearly all paths are none.
  if (!/^\/(?:etc|usr\/(?:local\/)?share|var\/spool)\//.test(path)) return null;
  return KINDS.find((kind) => kind.path.test(path)) ?? null;
}
