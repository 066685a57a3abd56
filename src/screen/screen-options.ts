import type { Binding } from '../tui/keymap.ts';

/** How the screen shows an image and what it keeps of the work, beside how the image is opened. */
export interface ScreenOptions {
  /** The user's own key bindings; null for the usual ones. */
  readonly keymap: readonly Binding[] | null;
  readonly mouse: boolean;
  /** Print lines for a screen reader instead of drawing panes. */
  readonly spoken: boolean;
  /** Restore where the user was in the image, and save it at the end. */
  readonly keepState: boolean;
  /** The case file, or `auto`; undefined for the case in the state directory, which begins with the first change. */
  readonly caseFile: string | undefined;
  /** Who works on the case; undefined for what the environment says. */
  readonly operator: string | undefined;
  /** An incomplete report is no failure in the formats that CI servers read. */
  readonly allowIncomplete: boolean;
  /** Other files that the program reads, which the screen must not write. */
  readonly inputs: readonly string[];
}
