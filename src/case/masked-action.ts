import type { Masker } from '../secrets/mask/masker.ts';
import type { Case, CaseAction, CaseLine } from './case.ts';

/**
 * Masks what a person typed into an action: a note or a reason is where a value gets pasted, and a case
 * never holds one. Places stay as they are, since they are looked up by them.
 */
export function maskedAction(did: CaseAction, masker: Masker): CaseAction {
  const masked = (text: string | null): string | null => (text === null ? null : masker.mask(text));
  switch (did.action) {
    case 'flagged': {
      const { kind, note } = did.flag;
      return { ...did, flag: { ...did.flag, kind: masker.mask(kind), note: masked(note) } };
    }
    case 'decided':
      return { ...did, decision: { ...did.decision, reason: masked(did.decision.reason) } };
    default:
      return did;
  }
}

/**
 * Returns lines of a log to be shown. What was written before a rule existed is masked by it too; hashes
 * stay those of the lines on disk.
 */
export function maskedLog(log: readonly CaseLine[], masker: Masker): CaseLine[] {
  return log.map((line) => ({ ...line, did: maskedAction(line.did, masker) }));
}

/** Returns a case with the log of {@link maskedLog}, and so with masked flags and decisions. */
export function maskedCase(held: Case, masker: Masker): Case {
  return { ...held, log: maskedLog(held.log, masker) };
}
