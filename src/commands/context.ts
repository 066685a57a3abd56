import type { ReadImage } from './exit-status.ts';

/** The streams and the environment of a command. */
export interface CommandContext {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Fires when the user interrupts the program. */
  readonly signal: AbortSignal;
  /** Receives each image that the command reads, for the exit status. */
  readonly onRead?: (image: ReadImage) => void;
}

/** Options that every command has. */
export interface CommonOptions {
  readonly platform?: string;
  readonly image?: string;
  readonly base?: string;
  /** The file with custom rules and exceptions, instead of `exhume.yaml`. */
  readonly config?: string;
  /** The engine program to use instead of docker, podman and nerdctl. */
  readonly engine?: string;
  /** Where to save the archive from an engine, a registry or standard input. */
  readonly keep?: string;
  /** False with `--no-color`. */
  readonly color: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
  /** False with `--no-verify`: digests are not recomputed. */
  readonly verify: boolean;
  /** An incomplete result is not a failure: exit status 0 instead of 4. */
  readonly allowIncomplete?: boolean;
  readonly debug?: boolean;
}
