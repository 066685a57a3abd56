import { Problem, type ProblemCode } from '../../problem.ts';
import { humanSize } from '../../text/size.ts';
import type { Complaint, ComplaintKind } from './complaint.ts';
import type { EngineKind } from './engine.ts';

/**
 * A problem with an engine: one line that sums it up, and notes with the engines' own messages and advice.
 * Both may contain foreign text: escape them before they are shown.
 */
export class EngineProblem extends Problem {
  readonly notes: readonly string[];

  constructor(code: ProblemCode, message: string, notes: readonly string[]) {
    super(code, message);
    this.notes = notes;
  }
}

/** The failure of one engine, or of one program that pulls from a registry. */
export interface Refusal {
  readonly role: EngineKind | 'registry';
  /** The name of the program. */
  readonly name: string;
  readonly complaint: Complaint;
  /** Bytes that had arrived before the failure. */
  readonly bytes: number;
}

const CODES: Readonly<Partial<Record<ComplaintKind, ProblemCode>>> = {
  'no-such-image': 'no-such-image',
  'no-such-platform': 'no-such-platform',
  'not-local': 'missing-blob',
  'disk-full': 'disk-full',
};

/** Sums up a failure in a clause whose subject is the engine. */
function verdict({ role, name, complaint, bytes }: Refusal): string {
  const holder = role === 'registry' ? 'the registry' : name;
  switch (complaint.kind) {
    case 'not-installed':
      return `${name} is not installed`;
    case 'not-executable':
      return `${name} cannot be started (${complaint.how})`;
    case 'no-daemon':
      return role === 'podman' ? `${name} cannot be reached` : `${name} cannot reach its daemon`;
    case 'permission':
      return `${name} cannot open its daemon's socket: permission denied`;
    case 'no-such-image':
      return `${holder} has no such image`;
    case 'no-such-platform':
      return `${holder} has the image, but not for this platform`;
    case 'not-local':
      return `${name} has only part of this image: its manifest list includes platforms that were never pulled`;
    case 'disk-full':
      return `${name} ran out of disk space; the partial image was discarded`;
    case 'login':
      return `the registry denied access to ${name}`;
    case 'unreachable':
      return `${name} cannot reach the registry`;
    case 'killed':
    case 'cut-short':
      return `${name} stopped after ${humanSize(bytes)} (${complaint.how}); the partial image was discarded`;
    case 'unknown-option':
    case 'other':
      return bytes > 0
        ? `${name} stopped after ${humanSize(bytes)}; the partial image was discarded`
        : `${name} failed to ${role === 'registry' ? 'pull' : 'save'} the image`;
  }
}

/** Returns what the user can do, or null. */
function advice({ role, name, complaint }: Refusal): string | null {
  switch (complaint.kind) {
    case 'no-daemon':
      if (role === 'docker') {
        return `start it (systemctl start docker, or Docker Desktop), or check DOCKER_HOST and "${name} context ls"`;
      }
      return role === 'podman'
        ? 'check that "podman info" works, and the value of CONTAINER_HOST'
        : 'start containerd, or set CONTAINERD_ADDRESS to its socket';
    case 'permission':
      return role === 'docker'
        ? 'run exhume as a member of the docker group or with sudo, or use rootless docker'
        : 'run exhume with sudo, or use a rootless engine';
    case 'not-local':
      return `pull the platform that you need (${name} pull --platform os/arch NAME) and select it with --platform`;
    case 'no-such-platform':
      return role === 'registry'
        ? 'select an available platform with --platform os/arch'
        : 'select an available platform with --platform os/arch, or pull the one that you need';
    case 'disk-full':
      return 'free some space, or set TMPDIR to a directory on a larger disk';
    case 'login':
      return `log in first: ${name === 'crane' ? 'crane auth login' : `${name} login`} REGISTRY`;
    default:
      return null;
  }
}

/** Maximum length of an engine's message with `--quiet`, in characters. */
const QUIET_WORDS = 120;

/** Returns the engine's own messages; with `--quiet` only the beginning of the last line. */
function saidLines({ name, complaint }: Refusal, quiet: boolean): string[] {
  const said = `${name} said: `;
  if (complaint.words.length === 0) {
    return complaint.kind === 'other' ? [`${name} gave no reason (${complaint.how})`] : [];
  }
  if (!quiet) return complaint.words.map((line, at) => (at === 0 ? said + line : `  ${line}`));
  const last = complaint.words.at(-1) ?? '';
  return [said + (last.length > QUIET_WORDS ? `${last.slice(0, QUIET_WORDS)}…` : last)];
}

/**
 * Combines the failures of the engines into one problem. Engines that are not installed are omitted if
 * another one is.
 * @param subject the start of the message: the image's name as typed, and a colon
 * @param near similar names
 */
export function refusalProblem(
  subject: string,
  refusals: readonly Refusal[],
  near: readonly string[],
  quiet: boolean,
): EngineProblem {
  const answered = refusals.filter(({ complaint }) => complaint.kind !== 'not-installed');
  const shown = answered.length > 0 ? answered : refusals;
  const only = shown.length === 1 ? shown[0] : undefined;
  const notes = shown.flatMap((refusal) => {
    const hint = advice(refusal);
    return [
      ...(only === undefined ? [verdict(refusal)] : []),
      ...saidLines(refusal, quiet),
      ...(hint === null ? [] : [hint]),
    ];
  });
  if (near.length > 0) notes.push(`similar names: ${near.join(', ')}`);
  const kinds = new Set(shown.map(({ complaint }) => complaint.kind));
  const [kind] = kinds.size === 1 ? kinds : [];
  const code = (kind && CODES[kind]) ?? 'engine';
  if (only !== undefined) return new EngineProblem(code, `${subject} ${verdict(only)}`, notes);
  const engines = shown.map(({ name }) => name).join(', ');
  const message =
    kind === 'no-such-image'
      ? `none of ${engines} has this image`
      : `none of ${engines} could provide the image`;
  return new EngineProblem(code, `${subject} ${message}`, notes);
}
