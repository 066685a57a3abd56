import type { ProgramExit } from './run.ts';

/** Why an engine failed. */
export type ComplaintKind =
  | 'not-installed'
  | 'not-executable'
  | 'no-daemon'
  | 'permission'
  | 'no-such-image'
  | 'no-such-platform'
  | 'not-local'
  | 'login'
  | 'unreachable'
  | 'unknown-option'
  | 'disk-full'
  | 'killed'
  | 'cut-short'
  | 'other';

/** A failure of an engine, with its error output. */
export interface Complaint {
  readonly kind: ComplaintKind;
  /** The lines that the engine wrote to standard error; may be empty. */
  readonly words: readonly string[];
  /** How the program ended: `exit status 1`, `ended by SIGKILL`. */
  readonly how: string;
}

/**
 * The messages of the engines. The first pattern that matches decides. Collected from docker 20.10 to 28,
 * podman 4.3, nerdctl 2, ctr 1.6 and 2, skopeo 1.9.
 */
const PATTERNS: readonly (readonly [ComplaintKind, RegExp])[] = [
  ['disk-full', /no space left on device|disk quota exceeded/i],
  ['permission', /permission denied.*(connect|socket|sock\b)|(connect|socket|sock\b).*permission denied/i],
  [
    'no-daemon',
    /is the docker daemon running|unable to resolve docker endpoint|cannot connect to (the docker daemon|podman)|request returned .* for API route|error during connect|cannot access containerd socket|failed to dial|rootless containerd not running|unable to connect to podman|context deadline exceeded|\.sock\b.*(no such file|connection refused)/i,
  ],
  ['unknown-option', /unknown (flag|shorthand flag)|flag provided but not defined|incorrect usage/i],
  [
    'no-such-platform',
    /no (match|manifest found|matching manifest|suitable|child with|image found).*(platform|architecture)|does not (provide|match) the specified platform|platform.*(not found|not available)/i,
  ],
  [
    'not-local',
    /content digest \S+ not found|content .*sha256:\S+.*not found|unable to create manifests file|missing content|blob unknown/i,
  ],
  ['login', /unauthorized|authentication required|requested access to the resource is denied|denied:/i],
  [
    'unreachable',
    /no such host|connection refused|i\/o timeout|network is unreachable|tls handshake|x509:|server gave HTTP response/i,
  ],
  [
    'no-such-image',
    /no such image|reference does not exist|image not known|manifest[ _]unknown|name[ _]unknown|does not exist|not found|no such (object|manifest)/i,
  ],
];

/** Warnings that podman and others print in addition to the reason for a failure. */
const WARNING = /\blevel=(warning|info|debug)\b|^WARN/;

/** Determines from an engine's exit status and error output why it failed. */
export function readComplaint(exit: ProgramExit): Complaint {
  const words = exit.words
    .split(/\r?\n|\r/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  const how = exit.signal === null ? `exit status ${exit.status ?? 'unknown'}` : `ended by ${exit.signal}`;
  if (exit.notStarted === 'ENOENT') return { kind: 'not-installed', words, how: 'not installed' };
  if (exit.notStarted !== null) return { kind: 'not-executable', words, how: exit.notStarted };
  if (exit.signal !== null) return { kind: 'killed', words, how };
  const grave = words.filter((line) => !WARNING.test(line));
  const text = (grave.length > 0 ? grave : words).join('\n');
  const kind = PATTERNS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
  return { kind, words, how };
}

/** The complaint for an archive that is incomplete although the engine reported no error. */
export const CUT_SHORT: Complaint = { kind: 'cut-short', words: [], how: 'exit status 0' };
