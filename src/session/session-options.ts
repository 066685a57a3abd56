import type { Searching } from './searching.ts';

/** Standard input, as a stream of chunks of an archive. */
export interface StandardInput extends AsyncIterable<unknown> {
  /** True for a terminal, which cannot send an archive. */
  readonly isTTY?: boolean;
  /** Its descriptor, if it has one. */
  readonly fd?: number;
}

/** Options for opening and reading an image. All are optional. */
export interface SessionOptions {
  /** The platform to select, such as `linux/arm64`; default: the platform of this machine. */
  readonly platform?: string;
  /** The image of the archive to select, by name or index. */
  readonly image?: string;
  /** An image whose layers are the bottom layers of this one. */
  readonly base?: string;
  /** The configuration file; default: `exhume.yaml` in the current directory, if it exists. */
  readonly config?: string;
  /** The engine program to use instead of docker, podman and nerdctl. */
  readonly engine?: string;
  /** Where to keep the archive that an engine, a registry or standard input sends. */
  readonly keep?: string;
  /** Whether digests are recomputed; default: true. */
  readonly verify?: boolean;
  /** Whether a scan looks into archives and compressed files; default: true. */
  readonly unpack?: boolean;
  /** Whether error messages shorten the output of engines; default: false. */
  readonly quiet?: boolean;
  /** A prepared scan, which then scans the layers while they are read. */
  readonly searching?: Searching | undefined;
  /** The environment of engine programs; default: none. */
  readonly env?: NodeJS.ProcessEnv;
  /** Standard input, read for the image named `-`. */
  readonly stdin?: StandardInput;
  /** Cancels the work. */
  readonly signal?: AbortSignal;
}

const NEVER = new AbortController().signal;

/** Returns the signal of the options; one that never fires if they have none. */
export function signalOf({ signal = NEVER }: Pick<SessionOptions, 'signal'>): AbortSignal {
  return signal;
}
