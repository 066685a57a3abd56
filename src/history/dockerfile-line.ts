/** One instruction of a rebuilt Dockerfile, or a comment. */
export interface DockerfileLine {
  readonly text: string;
  /** `observed`: the history or the config says so; `inferred`: it had to be worked out. */
  readonly basis: 'observed' | 'inferred';
  /** What is not certain, or what is lost; null where nothing is. */
  readonly note: string | null;
  readonly layer: number | null;
  readonly historyIndex: number | null;
}
