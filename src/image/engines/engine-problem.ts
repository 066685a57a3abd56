import { Problem, type ProblemCode } from '../../problem.ts';
import { humanSize } from '../../text/size.ts';
import type { Complaint, ComplaintKind } from './complaint.ts';
import type { EngineKind } from './engine.ts';

/**
 * A problem with an engine: one line that says what it comes to, and lines below it with the engines'
 * own words and what to do. Both may hold foreign text: whoever shows them escapes them.
 */
export class EngineProblem extends Problem {
  readonly notes: readonly string[];

  constructor(code: ProblemCode, message: string, notes: readonly string[]) {
    super(code, message);
    this.notes = notes;
  }
}

/** What one engine, or one program that asks a registry, answered. */
export interface Refusal {
  readonly role: EngineKind | 'registry';
  /** How the program is called. */
  readonly name: string;
  readonly complaint: Complaint;
  /** Bytes that had arrived before it. */
  readonly bytes: number;
}

const CODES: Readonly<Partial<Record<ComplaintKind, ProblemCode>>> = {
  'no-such-image': 'no-such-image',
  'no-such-platform': 'no-such-platform',
  'not-local': 'missing-blob',
  'disk-full': 'disk-full',
};

/** What a refusal comes to, with the engine's name as the subject. */
function verdict({ role, name, complaint, bytes }: Refusal): string {
  const holder = role === 'registry' ? 'the registry' : name;
  switch (complaint.kind) {
    case 'not-installed':
      return `${name} is not installed`;
    case 'not-executable':
      return `${name} cannot be started (${complaint.how})`;
    case 'no-daemon':
      return role === 'podman' ? `${name} cannot be reached` : `${name} reaches no daemon`;
    case 'permission':
      return `${name} may not use its daemon's socket: permission denied`;
    case 'no-such-image':
      return `${holder} has no such image`;
    case 'no-such-platform':
      return `${holder} has the image, but not for this platform`;
    case 'not-local':
      return `${name} has only a part of this image: a manifest list that names platforms which were never pulled`;
    case 'disk-full':
      return `${name} found its disk full; nothing was kept`;
    case 'login':
      return `${name} was refused by the registry`;
    case 'unreachable':
      return `${name} cannot reach the registry`;
    case 'killed':
    case 'cut-short':
      return `${name} stopped midway, after ${humanSize(bytes)} (${complaint.how}); nothing of it was kept`;
    case 'unknown-option':
    case 'other':
      return bytes > 0
        ? `${name} stopped midway, after ${humanSize(bytes)}; nothing of it was kept`
        : `${name} could not give the image`;
  }
}

/** What a person can do about it, or null. */
function advice({ role, name, complaint }: Refusal): string | null {
  switch (complaint.kind) {
    case 'no-daemon':
      if (role === 'docker') {
        return `start it (systemctl start docker, or Docker Desktop), or see whether DOCKER_HOST and "${name} context ls" name the right one`;
      }
      return role === 'podman'
        ? 'see whether "podman info" works, and what CONTAINER_HOST says'
        : 'start containerd, or name its socket in CONTAINERD_ADDRESS';
    case 'permission':
      return role === 'docker'
        ? 'run exhume as a user of the group docker, or with sudo, or use a rootless docker'
        : 'run exhume with sudo, or use a rootless engine';
    case 'not-local':
      return `pull the platform that you want (${name} pull --platform os/arch NAME) and name it with --platform`;
    case 'no-such-platform':
      return role === 'registry'
        ? 'name one that is there with --platform os/arch'
        : 'name one that is there with --platform os/arch, or pull the one that you want';
    case 'disk-full':
      return 'free some room, or set TMPDIR to a folder that has more';
    case 'login':
      return `log in first: ${name === 'crane' ? 'crane auth login' : `${name} login`} REGISTRY`;
    default:
      return null;
  }
}

/** With `--quiet` the engine's words are cut to this many characters. */
const QUIET_WORDS = 120;

/** The engine's own words, all of them, or the beginning of the last line for `--quiet`. */
function saidLines({ name, complaint }: Refusal, quiet: boolean): string[] {
  const said = `${name} said: `;
  if (complaint.words.length === 0) {
    return complaint.kind === 'other' ? [`${name} said nothing (${complaint.how})`] : [];
  }
  if (!quiet) return complaint.words.map((line, at) => (at === 0 ? said + line : `  ${line}`));
  const last = complaint.words.at(-1) ?? '';
  return [said + (last.length > QUIET_WORDS ? `${last.slice(0, QUIET_WORDS)}…` : last)];
}

/**
 * Makes one problem of what the engines answered. Engines that are not installed are left out where
 * another one is.
 * @param subject what the message begins with: the image's name as typed, and a colon
 * @param near names that resemble it
 */
export function refusalProblem(
  subject: string,
  refusals: readonly Refusal[],
  near: readonly string[],
  quiet: boolean,
): EngineProblem {
  const answered = refusals.filter(({ complaint }) => complaint.kind !== 'not-installed');
  const told = answered.length > 0 ? answered : refusals;
  const only = told.length === 1 ? told[0] : undefined;
  const notes = told.flatMap((refusal) => {
    const hint = advice(refusal);
    return [
      ...(only === undefined ? [verdict(refusal)] : []),
      ...saidLines(refusal, quiet),
      ...(hint === null ? [] : [hint]),
    ];
  });
  if (near.length > 0) notes.push(`names that come near: ${near.join(', ')}`);
  const kinds = new Set(told.map(({ complaint }) => complaint.kind));
  const [kind] = kinds.size === 1 ? kinds : [];
  const code = (kind && CODES[kind]) ?? 'engine';
  if (only !== undefined) return new EngineProblem(code, `${subject} ${verdict(only)}`, notes);
  const engines = told.map(({ name }) => name).join(', ');
  const message =
    kind === 'no-such-image'
      ? `none of ${engines} has such an image`
      : `none of ${engines} could give the image`;
  return new EngineProblem(code, `${subject} ${message}`, notes);
}
