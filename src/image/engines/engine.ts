import path from 'node:path';
import { Problem } from '../../problem.ts';

/** Families of command lines. Whatever is not one of the others is taken to understand docker's. */
export type EngineKind = 'docker' | 'podman' | 'nerdctl' | 'ctr';

/** A container engine, reached through its own command line and never otherwise. */
export interface Engine {
  readonly kind: EngineKind;
  /** The program: a name on the PATH, or a path. */
  readonly cli: string;
}

/** Where the user said that an image is. */
export type EnginePlace = 'docker' | 'podman' | 'containerd' | 'any';

const TRANSPORTS: Readonly<Record<EngineKind, string>> = {
  docker: 'docker-daemon',
  podman: 'containers-storage',
  nerdctl: 'containerd',
  ctr: 'containerd',
};

const standard = (kind: EngineKind): Engine => ({ kind, cli: kind });

/**
 * The engines to ask, in turn. For containerd, ctr stands in where nerdctl is not installed.
 * @param cli what `--engine` names, or null
 * @throws Problem `usage` where that is no name of a program
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

/** How messages call an engine: its program without the folder. */
export function engineName(engine: Engine): string {
  return path.basename(engine.cli);
}

/** The name that opens an image of this engine again, as in containers-transports(5). */
export function sourceOf(engine: Engine, name: string): string {
  return `${TRANSPORTS[engine.kind]}:${name}`;
}

/**
 * The arguments that write an image to standard output. A name stands behind `--`, so that it cannot
 * become an option.
 * @param platform `os/arch[/variant]` to ask for, or null for what the engine gives by itself
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

/** The arguments that list what an engine holds, in a form that a program can read. */
export function listArguments(engine: Engine): readonly string[] {
  switch (engine.kind) {
    case 'docker':
    case 'nerdctl':
      // docker before 23 takes `--format json` for a template of that text.
      return ['images', '--no-trunc', '--format', '{{json .}}'];
    case 'podman':
      return ['images', '--no-trunc', '--format', 'json'];
    case 'ctr':
      return ['images', 'list'];
  }
}

/**
 * The names to ask an engine for, in turn, for what the user wrote.
 *
 * docker saves **every** tag of a repository that is named without one, which may be many times what
 * was meant; so the tag that a missing one stands for is written out. A short word of hexadecimal
 * digits may be an ID as well.
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
 * The whole reference that a short name stands for, which containerd itself does not work out:
 * `leaky` is `docker.io/library/leaky:latest`.
 */
export function fullName(name: string): string {
  const tagged = hasTag(name) ? name : `${name}:latest`;
  const slash = tagged.indexOf('/');
  const first = slash < 0 ? '' : tagged.slice(0, slash);
  if (/[.:]/.test(first) || first === 'localhost') return tagged;
  return slash < 0 ? `docker.io/library/${tagged}` : `docker.io/${tagged}`;
}
