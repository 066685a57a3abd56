import type { Masker } from '../secrets/mask/masker.ts';
import type { Case, CaseAction, CaseLine } from './case.ts';

/**
 * Masks the notes and reasons of an action: people paste values there, and a case must not hold one. Places are
 * not masked, because findings are looked up by place.
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
 * Returns log lines for display. It applies rules that did not exist when the lines were written. The hashes stay
 * those of the lines on disk.
 */
export function maskedLog(log: readonly CaseLine[], masker: Masker): CaseLine[] {
  return log.map((line) => ({ ...line, did: maskedAction(line.did, masker) }));
}

/** Returns a case for display, with the log of {@link maskedLog}. */
export function maskedCase(held: Case, masker: Masker): Case {
  return { ...held, log: maskedLog(held.log, masker) };
}
