import { expect, it } from 'vitest';
import type { Finding } from '../../src/finding/finding.ts';
import type { Report } from '../../src/report/report.ts';
import { run } from '../commands/run.ts';

it('returns the same steps for scan and for the report', async () => {
  const scanned = JSON.parse((await run('scan', '--json')).stdout) as { findings: Finding[] };
  const report = JSON.parse((await run('report', '-o', '-', '--format', 'json')).stdout) as Report;
  const secrets = scanned.findings.filter(({ suppressed, kind }) => kind === 'secret' && suppressed === null);
  expect(secrets.length).toBeGreaterThan(5);
  const stepsOf = new Map(report.findings.map(({ id, steps }) => [id, steps]));
  for (const { id, remediation } of secrets) {
    const steps = stepsOf.get(id)!.filter(({ phase }) => phase !== 'preserve' && phase !== 'verify');
    expect(steps.map(({ phase }) => phase)).toEqual(['revoke', 'check', 'fix', 'purge']);
    expect(remediation.slice(0, -1)).toEqual(steps.slice(0, -1).map(({ text }) => text));
    // Only the report knows which images share the layer.
    expect(remediation.at(-1)).toMatch(/^Delete every tag and digest of the image/);
  }
});
