import type { ReadImage } from './exit-status.ts';

/** What a command is given by the one who starts the program: streams and surroundings. */
export interface CommandContext {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Fires when the user interrupts. */
  readonly signal: AbortSignal;
  /** Takes each image that the command reads, for its exit status. */
  readonly onRead?: (image: ReadImage) => void;
}

/** Options that every command takes. */
export interface CommonOptions {
  readonly platform?: string;
  readonly image?: string;
  readonly base?: string;
  /** `exhume.yaml` of another name: rules and exceptions of the user's own. */
  readonly config?: string;
  /** The program to ask instead of docker, podman and nerdctl. */
  readonly engine?: string;
  /** Where what an engine sends shall stay. */
  readonly keep?: string;
  /** Commander turns `--no-color` into false. */
  readonly color: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
  /** `--no-verify` makes it false: digests are not recomputed. */
  readonly verify: boolean;
  /** An incomplete result is no failure: exit status 0 in place of 4. */
  readonly allowIncomplete?: boolean;
  readonly debug?: boolean;
}
