import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attestationFor } from '../../fixtures/attestation.ts';
import { buildImage, type FixtureImage } from '../../fixtures/image.ts';
import { blobPath, ociLayoutFiles } from '../../fixtures/oci-files.ts';
import { file, packTar } from '../../fixtures/tar.ts';
import type { Incomplete } from '../../src/ledger/incomplete.ts';
import { violations } from '../schema-of.ts';
import { run } from './run.ts';

const PREDICATE = { provenance: {} };

let folder = '';
let image: FixtureImage;
let other: FixtureImage;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'exhume-attested-'));
  const steps = [{ createdBy: 'COPY a /', entries: [file('a', 'a')] }];
  image = await buildImage({ names: ['t:1'], steps });
  other = await buildImage({ names: ['t:1'], steps, platform: { os: 'linux', architecture: 'arm64' } });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Digests of the attestation that describes an image: its statement and its manifest. */
function attestationOf(described: FixtureImage): { statement: string; manifest: string } {
  const [statement, , manifest] = attestationFor(described, PREDICATE).blobs;
  return { statement: statement!.digest, manifest: manifest!.digest };
}

/** Writes an archive of two platforms with their attestations, without one blob. */
async function archiveWithout(digest: string): Promise<string> {
  const files = ociLayoutFiles([image, other], { predicate: PREDICATE });
  expect(files.delete(blobPath(digest))).toBe(true);
  const target = path.join(folder, `${digest.slice(-12)}.tar`);
  writeFileSync(target, await packTar([...files].map(([name, bytes]) => file(name, bytes))));
  return target;
}

async function scan(target: string, ...argv: string[]): Promise<{ status: number; parts: Incomplete[] }> {
  const { status, stdout } = await run('scan', target, '--platform', 'linux/amd64', '--json', ...argv);
  const value = JSON.parse(stdout) as { incomplete: Incomplete[] };
  expect(violations(value)).toEqual([]);
  return { status, parts: value.incomplete };
}

describe.each(['statement', 'manifest'] as const)('an attestation whose %s is not stored', (part) => {
  it('is listed as not read, and ends a scan with status 4', async () => {
    const digest = attestationOf(image)[part];
    const target = await archiveWithout(digest);
    const { parts, status } = await scan(target);
    expect(status).toBe(4);
    expect(parts).toEqual([
      {
        layer: null,
        what: 'blob',
        file: target,
        offset: null,
        length: expect.any(Number) as number,
        reason: expect.stringMatching(new RegExp(`^attestation .*${digest} is not stored$`)) as string,
      },
    ]);
    expect((await scan(target, '--allow-incomplete')).status).toBe(0);
  });

  it('is a warning of a command that does not search it', async () => {
    const digest = attestationOf(image)[part];
    const { status, stderr } = await run(
      'history',
      await archiveWithout(digest),
      '--platform',
      'linux/amd64',
    );
    expect(status).toBe(0);
    expect(stderr).toContain(`${digest} is not stored`);
  });

  it('does not matter if it describes another image of the archive', async () => {
    const { parts, status } = await scan(await archiveWithout(attestationOf(other)[part]));
    expect([status, parts]).toEqual([0, []]);
  });
});
