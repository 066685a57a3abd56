import type { Retest, RetestedFinding } from '../../src/retest/verify.ts';

/** A finding as a retest tells of it; it stands in `/app/.env`. */
function retested(
  title: string,
  result: RetestedFinding['result'],
  notes: readonly string[] = [],
): RetestedFinding {
  const place = { surface: 'file', layer: 0, path: '/app/.env', line: 1, offset: 0 } as const;
  const where = { ...place, key: null, historyIndex: null, inside: [] };
  const there = { where, state: 'live' } as const;
  return {
    id: title,
    kind: 'secret',
    rule: 'a-rule',
    title,
    severity: 'high',
    result,
    before: result === 'new' ? null : there,
    after: result === 'fixed' ? null : there,
    notes,
  };
}

/** A retest with a finding of three kinds, which is missed. */
export const RETEST: Retest = {
  met: false,
  goals: [{ goal: 'no-secrets', met: false, reason: '2 credentials can still be taken out' }],
  counts: { fixed: 1, persisting: 1, moved: 0, new: 1, notChecked: 0 },
  notes: ['the base is unchanged'],
  findings: [
    retested('Gone\u202e', 'fixed'),
    retested('Fresh', 'new'),
    retested('Kept', 'persisting', ['deleted in a later layer']),
  ],
};
