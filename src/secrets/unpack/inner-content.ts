/** A content that was inside another one. */
export interface InnerContent {
  /** Label of the step from the outer content to this one: `zip:lib/a.jar`. */
  readonly step: string;
  /** Path used to select a reader; null if it has none. */
  readonly path: string | null;
  /** Valid until the next content is requested. */
  readonly bytes: Uint8Array;
}
