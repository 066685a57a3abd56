import type { Binding } from '../tui/keymap.ts';

/** Options of the screen, other than how the image is opened. */
export interface ScreenOptions {
  /** Custom key bindings; null for the defaults. */
  readonly keymap: readonly Binding[] | null;
  readonly mouse: boolean;
  /** Print lines for a screen reader instead of drawing panes. */
  readonly spoken: boolean;
  /** Restore where the user was in the image, and save it at the end. */
  readonly keepState: boolean;
  /** The case file, or `auto`; undefined for the case in the state directory, created with the first change. */
  readonly caseFile: string | undefined;
  /** Who works on the case; undefined for the default from the environment. */
  readonly operator: string | undefined;
  /** Do not report an incomplete image as a failure in the formats for CI servers. */
  readonly allowIncomplete: boolean;
  /** Other files that the program reads, which the screen must not write. */
  readonly inputs: readonly string[];
}
