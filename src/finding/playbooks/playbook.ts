/** In which order a leaked credential is dealt with (NIST SP 800-61, containment before eradication). */
const PHASES = ['preserve', 'revoke', 'check', 'fix', 'purge', 'verify'] as const;
export type Phase = (typeof PHASES)[number];

/** One thing to do. Commands are printed, never run; what is in `<…>` the reader fills in. */
export interface Step {
  readonly phase: Phase;
  readonly text: string;
  readonly commands: readonly string[];
}

/** @param commands printed below the text */
export function step(phase: Phase, text: string, ...commands: string[]): Step {
  return { phase, text, commands };
}

/** How to revoke a kind of credential, and how to find out whether it was used. */
export interface Playbook {
  readonly id: string;
  readonly title: string;
  /** Ids of rules that it is for. */
  readonly rules: RegExp;
  readonly steps: readonly (Step & { readonly phase: 'revoke' | 'check' })[];
  /** What the steps rest on. */
  readonly cites: readonly string[];
}
