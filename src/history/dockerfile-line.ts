/** One instruction or comment of a rebuilt Dockerfile. */
export interface DockerfileLine {
  readonly text: string;
  /** `observed`: recorded in the history or the config; `inferred`: derived from other evidence. */
  readonly basis: 'observed' | 'inferred';
  /** Says what is uncertain or not recorded; null if nothing is. */
  readonly note: string | null;
  readonly layer: number | null;
  readonly historyIndex: number | null;
}
