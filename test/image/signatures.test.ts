import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ociArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { dirFiles, ociLayoutFiles } from '../../fixtures/oci-files.ts';
import { writeFiles } from '../../fixtures/on-disk.ts';
import { signatureFor, type SignatureStyle } from '../../fixtures/signature.ts';
import { file } from '../../fixtures/tar.ts';
import { openPath } from '../../src/image/open.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'exhume-signatures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const image = await buildImage({ names: ['app:1'], steps: [{ entries: [file('a')] }] });

async function opened(signature: SignatureStyle) {
  const target = path.join(folder, `${signature}.tar`);
  writeFileSync(target, await ociArchive([image], { signature }));
  return openPath(target);
}

it.each<[style: SignatureStyle, kind: string]>([
  ['cosign', 'cosign'],
  ['cosign-save', 'cosign'],
  ['bundle', 'sigstore bundle'],
  ['notation', 'notation'],
])('recognises a signature by %s, and the image that it signs', async (style, kind) => {
  const archive = await opened(style);
  expect(archive.choices.map(({ names }) => names)).toEqual([['app:1']]);
  expect(archive.warnings).toEqual([]);
  expect(archive.unreferenced()).toEqual([]);
  expect(archive.choices[0]!.open().signatures).toEqual([
    { kind, name: expect.stringMatching(/^sha256:/), subject: image.manifest.digest },
  ]);
});

it("lists cosign's attestation as an attestation of the image", async () => {
  const { choices } = await opened('cosign-att');
  const [only] = choices.map((choice) => choice.open());
  expect([choices.length, only!.signatures]).toEqual([1, []]);
  expect(only!.attestations.map(({ subject }) => subject)).toEqual([image.manifest.digest]);
});

it('treats another artifact about an image as neither an image nor a signature', async () => {
  const { choices } = await opened('sbom');
  expect(choices.map((choice) => choice.open().signatures)).toEqual([[]]);
});

it('does not list a signature of another image', async () => {
  const other = await buildImage({ names: ['other:1'], steps: [{ entries: [file('b')] }] });
  const files = ociLayoutFiles([image, other]);
  const signature = signatureFor(other, 'cosign');
  for (const { bytes, digest } of signature.blobs) files.set(`blobs/sha256/${digest.slice(7)}`, bytes);
  const index = JSON.parse(files.get('index.json')!.toString()) as { manifests: unknown[] };
  index.manifests.push(signature.descriptor);
  files.set('index.json', Buffer.from(JSON.stringify(index)));
  const layout = path.join(folder, 'two');
  await writeFiles(files, layout);
  const { choices } = await openPath(layout);
  expect(choices.map((choice) => choice.open().signatures!.length)).toEqual([0, 1]);
});

it("finds the signature files of skopeo's dir:", async () => {
  const target = path.join(folder, 'dir');
  const files = dirFiles(image);
  await writeFiles(files, target);
  const count = async (): Promise<number> => (await openPath(target)).choices[0]!.open().signatures!.length;
  expect(await count()).toBe(0);
  writeFileSync(path.join(target, 'signature-1'), 'of nobody');
  expect(await count()).toBe(1);
});
