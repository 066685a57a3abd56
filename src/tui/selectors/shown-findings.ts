import type { Finding } from '../../finding/finding.ts';
import { filtered } from '../findings.ts';
import type { Model } from '../model.ts';

/** Returns the findings that the Findings view lists, in its order. */
export function shownFindings({ findings, held }: Pick<Model, 'findings' | 'held'>): readonly Finding[] {
  return filtered(findings.list, findings.filter, held.decisions);
}
