import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import type { Finding } from '../../src/finding/finding.ts';
import { run } from '../commands/run.ts';

/** Returns the secrets that `exhume scan` finds in an archive, and asserts that it prints no warning. */
export async function secretsIn(archive: Buffer): Promise<Finding[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'exhume-scan-archive-'));
  try {
    const name = path.join(folder, 'image.tar');
    await writeFile(name, archive);
    const { status, stdout, stderr } = await run('scan', name, '--json');
    expect([status, stderr]).toEqual([0, '']);
    return (JSON.parse(stdout) as { findings: Finding[] }).findings.filter(({ kind }) => kind === 'secret');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
