import { maskSecrets } from '../secrets/mask.ts';
import type { CaseAction } from './case.ts';

/**
 * What was done, with every credential covered in what a person typed: a note or a reason is where a
 * value gets pasted, and a case never holds one. Places stay as they are, since they are looked up by them.
 */
export function maskedAction(did: CaseAction): CaseAction {
  switch (did.action) {
    case 'flagged': {
      const { kind, note } = did.flag;
      return { ...did, flag: { ...did.flag, kind: maskSecrets(kind), note: masked(note) } };
    }
    case 'decided':
      return { ...did, decision: { ...did.decision, reason: masked(did.decision.reason) } };
    default:
      return did;
  }
}

function masked(text: string | null): string | null {
  return text === null ? null : maskSecrets(text);
}
