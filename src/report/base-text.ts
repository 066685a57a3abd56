import { type BaseEvidence, namedBase } from '../history/base.ts';

/** Summarises the evidence for a base image in one line: its name, its layers, and the confidence. */
export function baseText(evidence: readonly BaseEvidence[]): string {
  const named = namedBase(evidence);
  const counted = evidence.find(({ layers, method }) => layers !== null && method !== 'created-gap');
  const parts: string[] = [];
  if (named !== null) {
    const { confidence, method, name } = named.sign;
    const names = [name, ...named.others].join(' or ');
    parts.push(`${names} (${method}, ${confidence})`);
  }
  if (counted !== undefined) {
    const layers = counted.layers === 1 ? 'the lowest layer' : `the lowest ${counted.layers} layers`;
    parts.push(`${layers} (${counted.method}, ${counted.confidence})`);
  }
  return parts.length === 0 ? 'unknown' : parts.join(', ');
}
