import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobPath, type Files, ociLayoutFiles } from '../../fixtures/oci-files.ts';
import { writeDir, writeFiles, writeOciLayout } from '../../fixtures/on-disk.ts';
import { buildImage, type FixtureImage } from '../../fixtures/image.ts';
import { file, packTar } from '../../fixtures/tar.ts';
import { ACCEPTED, FORMS, formsFor } from '../../src/image/forms/registry.ts';
import { IMAGE_FORMS, type ImageForm } from '../../src/image/image-form.ts';
import { openPath } from '../../src/image/open.ts';
import { parseReference } from '../../src/image/reference.ts';
import { Problem } from '../../src/problem.ts';

let folder = '';
let image: FixtureImage;
let layout: Files;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-forms-'));
  image = await buildImage({ names: ['t:1'], steps: [{ createdBy: 'COPY a /', entries: [file('a', 'a')] }] });
  layout = ociLayoutFiles([image]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function refusal(target: string, form: ImageForm | null = null): Promise<string> {
  const error = await openPath(target, { form }).then(
    () => null,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(Problem);
  return (error as Problem).message.replaceAll(folder, '');
}

async function directoryOf(name: string, files: Iterable<readonly [string, Buffer]>): Promise<string> {
  const target = path.join(folder, name);
  await mkdir(target, { recursive: true });
  await writeFiles(new Map(files), target);
  return target;
}

async function archiveOf(name: string, files: Iterable<readonly [string, Buffer]>): Promise<string> {
  const target = path.join(folder, name);
  await writeFile(target, await packTar([...files].map(([member, bytes]) => file(member, bytes))));
  return target;
}

describe('the registered formats', () => {
  it('are those named in JSON, each with its own transport', () => {
    expect(FORMS.map(({ id }) => id).toSorted()).toEqual(IMAGE_FORMS.toSorted());
    expect(new Set(FORMS.map(({ transport }) => transport)).size).toBe(FORMS.length);
  });

  it('are all listed when a file is rejected', () => {
    for (const { accepted } of FORMS) expect(ACCEPTED).toContain(accepted);
  });

  it('are each selected by their transport', () => {
    for (const { id, transport } of FORMS) {
      expect(parseReference(`${transport}:x`, () => true)).toMatchObject({
        kind: 'path',
        form: id,
        path: 'x',
      });
    }
  });

  it('are the only ones tried if they are named and suit the container', () => {
    const ids = (...argv: Parameters<typeof formsFor>): string[] => formsFor(...argv).map(({ id }) => id);
    expect(ids('archive', 'oci-archive')).toEqual(['oci-archive']);
    expect(ids('archive', 'dir')).toEqual(ids('archive', null));
    expect(ids('directory', null)).not.toContain('oci-archive');
  });
});

describe('an input that resembles a format', () => {
  it('gets a hint with the transport if the path is missing', () => {
    expect(() => parseReference('oci:', () => false)).toThrow('expected oci:PATH');
  });

  it('is rejected without oci-layout, unless its format is named', async () => {
    const target = await archiveOf(
      'unmarked.tar',
      [...layout].filter(([name]) => name !== 'oci-layout'),
    );
    expect(await refusal(target)).toMatch(/unmarked\.tar has index\.json but no oci-layout, so/);
    expect((await openPath(target, { form: 'oci-archive' })).form).toBe('oci-archive');
  });

  it('is rejected with the name of the missing document', async () => {
    const oci = await archiveOf('oci.tar', layout);
    expect(await refusal(oci, 'docker-archive')).toMatch(/a docker-archive needs manifest\.json/);
    const marked = await directoryOf(
      'marked',
      [...layout].filter(([name]) => name !== 'index.json'),
    );
    expect(await refusal(marked)).toMatch(/an OCI layout needs index\.json/);
    expect(await refusal(marked, 'dir')).toMatch(/a skopeo dir: directory needs manifest\.json/);
  });

  it('is rejected as dir: if manifest.json is a list', async () => {
    const target = await directoryOf('listed', [['manifest.json', Buffer.from('[]')]]);
    expect(await refusal(target, 'dir')).toMatch(/manifest\.json is a list/);
  });

  it('is rejected with the reason why index.json leads to no image', async () => {
    const broken = new Map(layout).set(blobPath(image.manifest.digest), Buffer.from('{'));
    expect(await refusal(await archiveOf('broken.tar', broken))).toMatch(/lists no image; .*not valid JSON/);
  });

  it('causes a warning if its index nests too deep', async () => {
    const other = await buildImage({ names: ['u:1'], steps: [] });
    const deep = ociLayoutFiles([image], { depth: 12 });
    const flat = ociLayoutFiles([other]);
    const manifests = [deep, flat].flatMap(
      (files) => (JSON.parse(String(files.get('index.json'))) as { manifests: unknown[] }).manifests,
    );
    const index = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
    const archive = await openPath(
      await archiveOf('deep.tar', new Map([...deep, ...flat, ['index.json', index]])),
    );
    expect(archive.choices).toHaveLength(1);
    expect(archive.warnings).toEqual([expect.objectContaining({ code: 'index-limit' })]);
  });
});

describe('a blob that cannot be read', () => {
  async function reasons(target: string): Promise<(string | null)[]> {
    const opened = (await openPath(target)).choices[0]!.open();
    expect(opened.layers[0]!.blob).toBeNull();
    return [opened.layers[0]!.whyMissing, opened.warnings[0]!.message];
  }

  it.each(['layout', 'dir'] as const)(
    'is reported if its link points outside the directory: %s',
    async (kind) => {
      const target = path.join(folder, `outside-${kind}`);
      const { digest } = image.layers[0]!.blob;
      const blob = path.join(target, kind === 'dir' ? digest.slice('sha256:'.length) : blobPath(digest));
      await (kind === 'dir' ? writeDir(image, target) : writeOciLayout([image], target));
      await rm(blob);
      await symlink('/etc/hostname', blob);
      const outside = expect.stringMatching(/a link in its path points outside .*outside-/);
      expect(await reasons(target)).toEqual([outside, outside]);
    },
  );

  it('is reported if it is a cycle of links or a directory', async () => {
    const target = path.join(folder, 'loop');
    await writeOciLayout([image], target);
    const blob = path.join(target, blobPath(image.layers[0]!.blob.digest));
    await rm(blob);
    await symlink(path.basename(blob), blob);
    expect((await reasons(target))[0]).toMatch(/^ELOOP: /);
    await rm(blob);
    await mkdir(blob);
    expect((await reasons(target))[0]).toBe('it is not a regular file');
  });

  it('is reported without a reason if it does not exist', async () => {
    const target = path.join(folder, 'gone');
    await writeOciLayout([image], target);
    await rm(path.join(target, blobPath(image.layers[0]!.blob.digest)));
    expect((await reasons(target))[0]).toBeNull();
  });

  it('may have an invalid file name', async () => {
    const config = Buffer.from(image.config.bytes);
    const manifest = Buffer.from(JSON.stringify([{ Config: 'c', RepoTags: [], Layers: ['a\0b'] }]));
    const target = await directoryOf('nul', [
      ['manifest.json', manifest],
      ['c', config],
    ]);
    expect((await reasons(target))[0]).toMatch(/NUL/);
  });
});
