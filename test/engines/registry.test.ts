import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FixtureImage } from '../../fixtures/image.ts';
import { writeDir, writeOciLayout } from '../../fixtures/on-disk.ts';
import { removeSpools } from '../../src/bytes/spool.ts';
import { chooseImage } from '../../src/image/choose.ts';
import type { EngineOptions } from '../../src/image/engines/open-engine.ts';
import { openFromRegistry } from '../../src/image/engines/registry.ts';
import type { Image } from '../../src/image/image.ts';
import { smallImage } from './small-image.ts';
import { StandIns } from './stand-ins.ts';

const usual = process.env['TMPDIR'];
const NAME = 'registry.internal:5000/shop/app:2';
let engines: StandIns;
let image: FixtureImage;

beforeEach(async () => {
  engines = await StandIns.make();
  process.env['TMPDIR'] = engines.temporary;
  image = { ...(await smallImage('')), names: [] };
});

afterEach(async () => {
  removeSpools();
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  await engines.remove();
});

async function open(more: Partial<EngineOptions> = {}): Promise<Image> {
  const options = { env: engines.env, cli: null, platform: 'linux/arm64/v8', quiet: false, ...more };
  return chooseImage(await openFromRegistry(NAME, options)).open();
}

/** A shell word: the directory in the last argument, without `oci:` or another transport. */
const TARGET = 'for last; do :; done; target="${last#oci:}"; target="${target#dir:}"';

async function layout(): Promise<string> {
  const folder = path.join(engines.top, 'layout');
  await writeOciLayout([image], folder);
  return folder;
}

describe('an image of a registry', () => {
  it('is pulled by skopeo into a private layout for one platform, with its digests', async () => {
    await engines.program('skopeo', `${TARGET}; exec /bin/cp -r ${await layout()} "$target"`);
    const opened = await open();
    expect(opened).toMatchObject({ form: 'oci-layout', source: `docker://${NAME}`, names: [NAME] });
    expect(opened.id).toBe(image.config.digest);
    const [call] = await engines.calls('skopeo');
    expect(call).toContain(
      `<--override-os><linux><--override-arch><arm64><--override-variant><v8><copy><--preserve-digests><--><docker://${NAME}><oci:`,
    );
    const [folder] = await engines.leftovers();
    expect((await stat(path.join(engines.temporary, folder!))).mode & 0o777).toBe(0o700);
    removeSpools();
    expect(await engines.leftovers()).toEqual([]);
  });

  it('is pulled as dir: if a layout would change its digests', async () => {
    const plain = path.join(engines.top, 'plain');
    await writeDir(image, plain);
    await engines.program(
      'skopeo',
      `${TARGET}; case "$last" in oci:*) echo 'Instructed to preserve digests' >&2; exit 1;; esac; exec /bin/cp -r ${plain} "$target"`,
    );
    expect((await open()).form).toBe('dir');
  });

  it('is pulled by crane if skopeo is not installed', async () => {
    await engines.program('crane', `${TARGET}; exec /bin/cp -r ${await layout()} "$target"`);
    expect((await open()).id).toBe(image.config.digest);
    const [call] = await engines.calls('crane');
    expect(call).toContain(`<pull><--format=oci><--platform=linux/arm64/v8><--><${NAME}><`);
  });

  it('is kept as a private directory', async () => {
    await engines.program('skopeo', `${TARGET}; exec /bin/cp -r ${await layout()}/. "$target"`);
    const keep = path.join(engines.temporary, 'kept');
    await open({ keep });
    removeSpools();
    expect(await engines.leftovers()).toEqual(['kept']);
    expect(await readdir(keep)).toContain('index.json');
    expect((await stat(keep)).mode & 0o777).toBe(0o700);
  });
});

describe('the error message', () => {
  const refusal = async (
    more: Partial<EngineOptions> = {},
  ): Promise<{ message: string; notes: string[] }> => {
    const error = await open(more).catch((caught: unknown) => caught);
    expect(await engines.leftovers()).toEqual([]);
    return error as { message: string; notes: string[] };
  };

  it('says that neither program is installed', async () => {
    const { message, notes } = await refusal();
    expect(message).toBe(`docker://${NAME}: cannot pull, because neither skopeo nor crane is installed`);
    expect(notes[0]).toContain('docker pull');
  });

  it.each([
    ['manifest unknown', `docker://${NAME}: the registry has no such image`],
    ['no image found in image index for architecture arm64', 'but not for this platform'],
    ['dial tcp: lookup registry.internal: no such host', 'skopeo cannot reach the registry'],
    ['unauthorized: authentication required', 'the registry denied access to skopeo'],
    ['write blob: no space left on device', 'skopeo ran out of disk space; the partial image was discarded'],
  ])('%s', async (words, message) => {
    await engines.program('skopeo', `${TARGET}; /bin/mkdir "$target"; echo '${words}' >&2; exit 1`);
    const problem = await refusal();
    expect(problem.message).toContain(message);
    expect(problem.notes[0]).toBe(`skopeo said: ${words}`);
  });

  it('rejects another program', async () => {
    expect((await refusal({ cli: 'podman' })).message).toMatch(/needs skopeo or crane, not podman/);
  });
});
