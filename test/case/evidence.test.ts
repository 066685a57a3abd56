import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { file, type FixtureEntry } from '../../fixtures/tar.ts';
import { type EvidenceRecord, extractEvidence, missingItems } from '../../src/case/evidence.ts';
import { eventsBelow } from '../../src/ledger/events-below.ts';
import type { StackedImage } from '../../src/ledger/stacked-image.ts';
import { imageOf } from '../tui/stacked-of.ts';

/** A content that does not fit on the disk of these tests. */
const TOO_MUCH = 'more than the disk takes';

vi.mock('../../src/bytes/spool.ts', async (original) => {
  const spool = await original<{ writeFully: (fd: number, bytes: Uint8Array) => void }>();
  return {
    ...spool,
    writeFully(fd: number, bytes: Uint8Array): void {
      if (Buffer.from(bytes).toString('utf8') === TOO_MUCH) {
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      }
      spool.writeFully(fd, bytes);
    },
  };
});

let top = '';
let folder = '';
let count = 0;
beforeAll(() => {
  top = mkdtempSync(path.join(tmpdir(), 'exhume-evidence-'));
});
beforeEach(() => {
  folder = path.join(top, `out-${count++}`);
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

async function stackedOf(...layers: FixtureEntry[][]): Promise<StackedImage> {
  return (await imageOf(layers.map((entries) => ({ by: 'COPY . /', entries })))).stacked;
}

function extractAll(stacked: StackedImage, signal?: AbortSignal): Promise<EvidenceRecord> {
  const facts = {
    tool: 'exhume',
    started: new Date(0).toISOString(),
    inputBefore: null,
    inputAfter: () => null,
    instruction: () => '',
  };
  return extractEvidence(stacked, eventsBelow(stacked.ledger, 0, null), folder, facts, signal);
}

const readRecord = (): EvidenceRecord =>
  JSON.parse(readFileSync(path.join(folder, 'exhume-evidence.json'), 'utf8')) as EvidenceRecord;

describe('the record of an incomplete extraction', () => {
  it('names the file whose layer cannot be read, and still writes the others', async () => {
    const stacked = await stackedOf([file('lost', 'x')], [file('kept', 'y')]);
    const layers = stacked.image.layers.map((layer, index) => {
      const source = { kind: 'file', path: path.join(top, 'none') } as const;
      return index === 0 ? { ...layer, blob: { source, offset: 0, size: 1024 } } : layer;
    });
    const record = await extractAll({ ...stacked, image: { ...stacked.image, layers } });
    expect(missingItems(record).map((item) => [item.path, item.file, item.reason])).toEqual([
      ['/lost', null, expect.stringContaining('cannot read it from the image')],
    ]);
    expect(readdirSync(folder).toSorted()).toEqual(['exhume-evidence.json', 'kept']);
  });

  it('names the file whose layer is not stored', async () => {
    const stacked = await stackedOf([file('lost', 'x')]);
    const layers = stacked.image.layers.map((layer) => ({ ...layer, blob: null }));
    const record = await extractAll({ ...stacked, image: { ...stacked.image, layers } });
    expect(missingItems(record).map(({ reason }) => reason)).toEqual(['its layer is not stored']);
  });

  it('is written when the disk is full, and lists the missing file', async () => {
    const layers = [[file('a', 'fits')], [file('b', TOO_MUCH)], [file('c', 'never tried')]];
    const stacked = await stackedOf(...layers);
    await expect(extractAll(stacked)).rejects.toMatchObject({ code: 'disk-full' });
    const { items } = readRecord();
    expect(items).toHaveLength(3);
    const tried = items.map((item) => [item.path, item.file, item.reason]);
    expect(tried).toContainEqual(['/b', null, 'the disk is full']);
    expect(readdirSync(folder)).not.toContain('b');
    expect(items.every(({ file: written, reason }) => (written === null) === (reason !== null))).toBe(true);
  });

  it('is written when the extraction is cancelled', async () => {
    const stacked = await stackedOf([file('a', 'a')], [file('b', 'b')]);
    await expect(extractAll(stacked, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    const reason = 'not attempted: the extraction was interrupted';
    expect(readRecord().items.map((item) => item.reason)).toEqual([reason, reason]);
    expect(readdirSync(folder)).toEqual(['exhume-evidence.json']);
  });

  it('removes its exit handler', async () => {
    const before = process.listenerCount('exit');
    await extractAll(await stackedOf([file('a', 'a')]));
    expect(process.listenerCount('exit')).toBe(before);
  });
});
