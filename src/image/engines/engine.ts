import path from 'node:path';
import { Problem } from '../../problem.ts';

/** Families of command lines. An unknown program is assumed to be compatible with docker. */
export type EngineKind = 'docker' | 'podman' | 'nerdctl' | 'ctr';

/** A container engine, used only through its command line. */
export interface Engine {
  readonly kind: EngineKind;
  /** The program: a name on the PATH, or a path. */
  readonly cli: string;
}

/** The engine that the user named with a transport. */
export type EnginePlace = 'docker' | 'podman' | 'containerd' | 'any';

const TRANSPORTS: Readonly<Record<EngineKind, string>> = {
  docker: 'docker-daemon',
  podman: 'containers-storage',
  nerdctl: 'containerd',
  ctr: 'containerd',
};

const standard = (kind: EngineKind): Engine => ({ kind, cli: kind });

/**
 * Returns the engines to ask, in order. For containerd, ctr is used if nerdctl is not installed.
 * @param cli the value of `--engine`, or null
 * @throws Problem `usage` if `cli` is not the name of a program
 */
export function enginesFor(place: EnginePlace, cli: string | null): readonly Engine[] {
  if (cli !== null) return [namedEngine(place, cli)];
  switch (place) {
    case 'docker':
    case 'podman':
      return [standard(place)];
    case 'containerd':
      return [standard('nerdctl'), standard('ctr')];
    case 'any':
      return [standard('docker'), standard('podman'), standard('nerdctl')];
  }
}

function namedEngine(place: EnginePlace, cli: string): Engine {
  if (cli === '' || cli.startsWith('-') || /[\x00-\x1f\x7f]/.test(cli)) {
    throw new Problem('usage', `--engine needs the name or path of a program, not "${cli}"`);
  }
  const known = /^(docker|podman|nerdctl|ctr)(?![a-z])/.exec(path.basename(cli))?.[1];
  const kind = (known as EngineKind | undefined) ?? KIND_OF_PLACE[place];
  return { kind, cli };
}

const KIND_OF_PLACE: Readonly<Record<EnginePlace, EngineKind>> = {
  any: 'docker',
  docker: 'docker',
  podman: 'podman',
  containerd: 'nerdctl',
};

/** Returns the name of an engine in messages: its program without the directory. */
export function engineName(engine: Engine): string {
  return path.basename(engine.cli);
}

/** Returns the reference that opens an image of this engine, as in containers-transports(5). */
export function sourceOf(engine: Engine, name: string): string {
  return `${TRANSPORTS[engine.kind]}:${name}`;
}

/**
 * Returns the arguments that write an image to standard output. The name follows `--`, so that it cannot
 * be read as an option.
 * @param platform `os/arch[/variant]`, or null for the engine's default
 */
export function saveArguments(engine: Engine, name: string, platform: string | null): readonly string[] {
  const wanted = platform === null ? [] : ['--platform', platform];
  switch (engine.kind) {
    case 'docker':
    case 'nerdctl':
      return ['save', ...wanted, '--', name];
    case 'podman':
      return ['save', '--quiet', '--', name];
    case 'ctr':
      return ['images', 'export', ...wanted, '--', '-', name];
  }
}

/** Returns the arguments that list an engine's images in a machine-readable format. */
export function listArguments(engine: Engine): readonly string[] {
  switch (engine.kind) {
    case 'docker':
    case 'nerdctl':
      // docker before 23 reads `--format json` as a template with that text.
      return ['images', '--no-trunc', '--format', '{{json .}}'];
    case 'podman':
      return ['images', '--no-trunc', '--format', 'json'];
    case 'ctr':
      return ['images', 'list'];
  }
}

/**
 * Returns the names to ask an engine for, in order.
 *
 * Without a tag, docker saves **every** tag of a repository, which may be many times the intended size, so
 * the default tag is added. A short word of hexadecimal digits may also be an ID.
 */
export function namesToAsk(engine: Engine, name: string): readonly string[] {
  if (engine.kind === 'ctr') return [...new Set([fullName(name), name])];
  if (engine.kind !== 'docker' || hasTag(name)) return [name];
  return /^[0-9a-f]{4,64}$/.test(name) ? [`${name}:latest`, name] : [`${name}:latest`];
}

function hasTag(name: string): boolean {
  return name.includes('@') || /:[^/]*$/.test(name);
}

/**
 * Expands a short name to a full reference, which containerd does not do itself: `leaky` becomes
 * `docker.io/library/leaky:latest`.
 */
export function fullName(name: string): string {
  const tagged = hasTag(name) ? name : `${name}:latest`;
  const slash = tagged.indexOf('/');
  const first = slash < 0 ? '' : tagged.slice(0, slash);
  if (/[.:]/.test(first) || first === 'localhost') return tagged;
  return slash < 0 ? `docker.io/library/${tagged}` : `docker.io/${tagged}`;
}
