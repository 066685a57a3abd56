import type { Searching } from './searching.ts';

/** Standard input: an archive, as its bytes come. */
export interface StandardInput extends AsyncIterable<unknown> {
  /** True for a terminal, which sends no archive. */
  readonly isTTY?: boolean;
  /** Its descriptor, if it has one. */
  readonly fd?: number;
}

/** How an image is opened and read. Everything has a default. */
export interface SessionOptions {
  /** The platform to choose from several, as in `linux/arm64`; default: that of this machine. */
  readonly platform?: string;
  /** The image to choose from several in an archive: its name or its index. */
  readonly image?: string;
  /** An image whose layers are the bottom layers of this one. */
  readonly base?: string;
  /** The configuration file; default: `exhume.yaml` of the current directory, if it exists. */
  readonly config?: string;
  /** The program to ask for images instead of docker, podman and nerdctl. */
  readonly engine?: string;
  /** Where to keep the archive that an engine, a registry or standard input sends. */
  readonly keep?: string;
  /** Whether digests are recomputed; default: true. */
  readonly verify?: boolean;
  /** Whether a scan looks into archives and compressed files; default: true. */
  readonly unpack?: boolean;
  /** Whether error messages shorten what engines say; default: false. */
  readonly quiet?: boolean;
  /** Scans the layers while they are read, for a session that is scanned later. */
  readonly searching?: Searching | undefined;
  /** The environment of engine programs; default: none. */
  readonly env?: NodeJS.ProcessEnv;
  /** Read for the image named `-`. */
  readonly stdin?: StandardInput;
  /** Cancels the work. */
  readonly signal?: AbortSignal;
}

const NEVER = new AbortController().signal;

/** The signal that cancels the work; one that never fires if the options have none. */
export function signalOf({ signal = NEVER }: Pick<SessionOptions, 'signal'>): AbortSignal {
  return signal;
}
