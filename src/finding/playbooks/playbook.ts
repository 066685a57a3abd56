/** The phases of the response to a leaked credential, in order (NIST SP 800-61, containment before eradication). */
const PHASES = ['preserve', 'revoke', 'check', 'fix', 'purge', 'verify'] as const;
export type Phase = (typeof PHASES)[number];

/** One step. Commands are printed and never run; the reader replaces placeholders in `<…>`. */
export interface Step {
  readonly phase: Phase;
  readonly text: string;
  readonly commands: readonly string[];
}

/**
 * Returns a step.
 * @param commands printed below the text
 */
export function step(phase: Phase, text: string, ...commands: string[]): Step {
  return { phase, text, commands };
}

/** How to revoke a kind of credential, and how to check whether it was used. */
export interface Playbook {
  readonly id: string;
  readonly title: string;
  /** Matches the ids of its rules. */
  readonly rules: RegExp;
  readonly steps: readonly (Step & { readonly phase: 'revoke' | 'check' })[];
  /** Sources of the steps. */
  readonly cites: readonly string[];
}
