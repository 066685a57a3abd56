import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attestationFor } from '../../fixtures/attestation.ts';
import { buildImage, type FixtureImage } from '../../fixtures/image.ts';
import { blobPath, ociLayoutFiles } from '../../fixtures/oci-files.ts';
import { file, packTar } from '../../fixtures/tar.ts';
import type { Incomplete } from '../../src/ledger/unread-parts.ts';
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

/** Returns the digests of an image's attestation: its statement and its manifest. */
function attestationOf(described: FixtureImage): { statement: string; manifest: string } {
  const [statement, , manifest] = attestationFor(described, PREDICATE).blobs;
  return { statement: statement!.digest, manifest: manifest!.digest };
}

/** Writes an archive of two platforms with attestations. `bytes` replaces one blob; null removes it. */
async function archiveWith(digest: string, bytes: Buffer | null): Promise<string> {
  const files = ociLayoutFiles([image, other], { predicate: PREDICATE });
  expect(files.delete(blobPath(digest))).toBe(true);
  if (bytes !== null) files.set(blobPath(digest), bytes);
  const target = path.join(folder, `${digest.slice(-12)}-${bytes?.length ?? 0}.tar`);
  writeFileSync(target, await packTar([...files].map((each) => file(...each))));
  return target;
}

async function scan(target: string, ...argv: string[]): Promise<{ status: number; parts: Incomplete[] }> {
  const { status, stdout } = await run('scan', target, '--platform', 'linux/amd64', '--json', ...argv);
  const value = JSON.parse(stdout) as { incomplete: Incomplete[] };
  expect(violations(value)).toEqual([]);
  return { status, parts: value.incomplete };
}

/** The expected incomplete part: a blob with this reason. */
function unread(target: string, reason: RegExp): Incomplete[] {
  const length = expect.any(Number) as number;
  const matching = expect.stringMatching(reason) as string;
  return [{ layer: null, what: 'blob', file: target, offset: null, length, reason: matching }];
}

describe('an attestation whose statement is not stored', () => {
  it('is listed as unread, and makes a scan exit with 4', async () => {
    const { statement } = attestationOf(image);
    const target = await archiveWith(statement, null);
    const { parts, status } = await scan(target);
    expect([status, parts]).toEqual([
      4,
      unread(target, new RegExp(`^attestation ${statement} is not stored$`)),
    ]);
    expect((await scan(target, '--allow-incomplete')).status).toBe(0);
  });

  it('causes a warning in a command that does not scan it', async () => {
    const { statement } = attestationOf(image);
    const target = await archiveWith(statement, null);
    const { status, stderr } = await run('history', target, '--platform', 'linux/amd64');
    expect(status).toBe(0);
    expect(stderr).toContain(`${statement} is not stored`);
  });

  it('is ignored if it describes another image of the archive', async () => {
    const { parts, status } = await scan(await archiveWith(attestationOf(other).statement, null));
    expect([status, parts]).toEqual([0, []]);
  });
});

it('lists an attestation whose manifest is damaged', async () => {
  const { manifest } = attestationOf(image);
  const target = await archiveWith(manifest, Buffer.from('{'));
  const { parts, status } = await scan(target);
  const reason = new RegExp(`^attestation manifest ${manifest} cannot be read: .*is not valid JSON`);
  expect([status, parts]).toEqual([4, unread(target, reason)]);
});

it('warns of an attestation manifest that an engine left out of an archive of one platform', async () => {
  const { manifest } = attestationOf(image);
  const target = await archiveWith(manifest, null);
  expect(await scan(target)).toEqual({ status: 0, parts: [] });
  const { stderr } = await run('scan', target, '--platform', 'linux/amd64');
  expect(stderr).toContain(`attestation manifest ${manifest} is not stored; it was not searched`);
});
