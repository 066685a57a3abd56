import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { dpkgStatus } from '../../fixtures/demo-base.ts';
import { ociArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { rpmDatabase } from '../../fixtures/rpm-database.ts';
import { file } from '../../fixtures/tar.ts';
import { memorySource } from '../../src/bytes/source.ts';
import { prepareSearch } from '../../src/session/searching.ts';
import { alignHistory } from '../../src/history/align.ts';
import { chooseImage } from '../../src/image/choose.ts';
import { openSource } from '../../src/image/open.ts';
import { LayerPool } from '../../src/layer/pool.ts';
import { stackImage } from '../../src/ledger/stack.ts';
import type { StackedImage } from '../../src/ledger/stacked-image.ts';
import { readSubject, type Subject } from '../../src/posture/subject.ts';
import { Masker } from '../../src/secrets/mask/masker.ts';

const TEXT = 'what a package ships\n';
const hash = (algorithm: string): string => createHash(algorithm).update(TEXT).digest('hex');
const wheel = createHash('sha256').update(TEXT).digest('base64url');
const ENTRIES = [
  file('./etc/passwd', 'root:x:0:0::/root:/bin/sh\n'),
  file('./usr/lib/os-release', 'ID=debian\n'),
  file('./etc/sudoers.d/app', 'app ALL=(ALL) NOPASSWD: ALL\n'),
  file('./var/lib/dpkg/status', dpkgStatus('tool', '1.0', 1, 'x')),
  file('./var/lib/dpkg/info/tool.md5sums', `${hash('md5')}  usr/share/tool\n`),
  file(
    './var/lib/rpm/rpmdb.sqlite',
    rpmDatabase([{ name: 'r', version: '1', release: '1', files: { '/opt/r': hash('sha256') } }]),
  ),
  file('./opt/lib/python3/site-packages/w-1.dist-info/RECORD', `w.py,sha256=${wheel},21\n`),
];

async function stack(keep: RegExp | undefined): Promise<StackedImage> {
  const steps = [{ createdBy: 'COPY . /', entries: ENTRIES, compression: 'gzip' as const }];
  const bytes = await ociArchive([await buildImage({ steps })]);
  const archive = await openSource(memorySource('image', bytes), bytes.length, 'image');
  return stackImage(chooseImage(archive).open(), { pool: new LayerPool(0), verify: 'never', keep });
}

/** Returns the same session with unreadable layers. */
function emptied(stacked: StackedImage): StackedImage {
  const blob = { source: memorySource('gone', new Uint8Array(0)), offset: 0, size: 0 };
  const layers = stacked.image.layers.map((layer) => ({ ...layer, blob }));
  return { ...stacked, image: { ...stacked.image, layers } };
}

function subjectOf(stacked: StackedImage): Promise<Subject> {
  const { config, layers } = stacked.image;
  const history = alignHistory(config.history, layers.length);
  const origins = layers.map(() => 'application' as const);
  return readSubject({ stacked, history, origins, base: [], masker: new Masker([]) }, new Date(0));
}

it('keeps the files that posture checks read while a compressed layer is indexed', async () => {
  const { keep } = await prepareSearch();
  const whole = await subjectOf(await stack(keep));
  const kept = await subjectOf(emptied(await stack(keep)));
  expect([...kept.shipped.keys()].toSorted()).toEqual([
    '/opt/lib/python3/site-packages/w.py',
    '/opt/r',
    '/usr/share/tool',
  ]);
  expect(kept.shipped).toEqual(whole.shipped);
  for (const place of ['/etc/passwd', '/usr/lib/os-release'] as const) {
    expect(kept.finalText(place)).toMatch(/root|debian/);
  }
});

it('reads a compressed layer again if nothing was kept', async () => {
  const lost = await subjectOf(emptied(await stack(undefined)));
  expect(lost.shipped.size).toBe(0);
  expect(lost.finalText('/etc/passwd')).toBeNull();
});
