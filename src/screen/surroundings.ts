/** The terminal, the environment and the signal that the screen works with. */
export interface Surroundings {
  /** Where the keys come from. */
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Fires when the user interrupts the program. */
  readonly signal: AbortSignal;
}
