import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../../fixtures/canary.ts';
import { ociArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { run } from './run.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-copies-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('lists the copy of a value in the largest layer, where no rule recognizes it', async () => {
  const random = seededRandom('large copies');
  const value = random.text('0123456789abcdef', 40);
  const archive = path.join(folder, 'image.tar');
  const image = await buildImage({
    steps: [
      { createdBy: 'COPY .env /app/', entries: [file('app/.env', `SESSION_SECRET=${value}\n`)] },
      {
        createdBy: 'RUN make',
        compression: 'gzip',
        entries: [
          file('srv/noise', Buffer.from(random.bytes(24_000_000))),
          file('srv/copy.txt', `kept: ${value}\n`),
        ],
      },
    ],
  });
  await writeFile(archive, await ociArchive([image]));
  const { stdout } = await run('scan', archive, '--json');
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  const paths = findings.flatMap(({ kind, occurrences }) =>
    kind === 'secret' ? occurrences.map(({ where }) => where.path) : [],
  );
  expect(paths).toEqual(['/app/.env', '/srv/copy.txt']);
});
