/** A content that was inside another one. */
export interface InnerContent {
  /** How the way to it is told: `zip:lib/a.jar`. */
  readonly step: string;
  /** Path by which it is known to readers of known files; null where it has none. */
  readonly path: string | null;
  /** Valid until the next one is asked for. */
  readonly bytes: Uint8Array;
}
