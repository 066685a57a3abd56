import { describe, expect, it } from 'vitest';
import { file } from '../../fixtures/tar.ts';
import type { Check } from '../../src/posture/check.ts';
import { checkByCheck, runChecks } from '../../src/posture/run-checks.ts';
import { readSubject, type Subject } from '../../src/posture/subject.ts';
import { runSliced } from '../../src/session/slices.ts';
import { Masker } from '../../src/secrets/mask/masker.ts';
import { imageOf } from '../tui/stacked-of.ts';

async function subjectOf(): Promise<Subject> {
  const { stacked, history } = await imageOf([{ by: 'COPY . /', entries: [file('a', 'x')] }]);
  return readSubject(
    { stacked, history, origins: ['application'], base: [], masker: new Masker([]) },
    new Date('2026-01-20'),
  );
}

/** A check that records when it ran and takes longer than a time slice. */
function slowCheck(id: string, ran: string[]): Check {
  return {
    id,
    title: id,
    references: [],
    advice: [],
    severities: [],
    sources: [],
    run() {
      ran.push(id);
      const end = performance.now() + 12;
      while (performance.now() < end);
      return [];
    },
  };
}

describe('slow checks', () => {
  it('yield to other work between checks', async () => {
    const ran: string[] = [];
    const subject = await subjectOf();
    const checks = ['one', 'two', 'three'].map((id) => slowCheck(id, ran));
    setImmediate(() => ran.push('a key'));
    await runSliced(checkByCheck(subject, checks), () => {}, new AbortController().signal);
    expect(ran).toEqual(['one', 'a key', 'two', 'three']);
  });

  it('stop when cancelled', async () => {
    const ran: string[] = [];
    const subject = await subjectOf();
    const leaving = new AbortController();
    const checks = ['one', 'two', 'three'].map((id) => slowCheck(id, ran));
    const work = runSliced(checkByCheck(subject, checks), () => {}, leaving.signal);
    leaving.abort();
    expect(await work).toBeNull();
    expect(ran).toEqual(['one']);
  });

  it('return the same result as without yielding', async () => {
    const subject = await subjectOf();
    const sliced = await runSliced(checkByCheck(subject), () => {}, new AbortController().signal);
    expect(sliced).toEqual(runChecks(subject));
    expect(sliced!.outcomes.length).toBeGreaterThan(10);
  });
});
