import { afterEach, describe, expect, it } from 'vitest';
import { packTar, file } from '../../fixtures/tar.ts';
import { type Extent, memorySource } from '../../src/bytes/source.ts';
import { EarlyScans } from '../../src/layer/early-scans.ts';

let early = new EarlyScans({ digests: true, smallest: 0 });
afterEach(() => early.close());

function extentOf(name: string, bytes: Uint8Array): Extent {
  return { source: memorySource(name, bytes), offset: 0, size: bytes.length };
}

describe('layers that are indexed before their image has arrived completely', () => {
  it('hands out each index once', async () => {
    early = new EarlyScans({ digests: true, smallest: 0 });
    const extent = extentOf('layer', await packTar([file('etc/motd', 'hello')]));
    early.begin(extent);
    early.begin(extent);
    const scan = await early.take(extent)!;
    expect(scan.columns.count).toBe(1);
    expect(scan.diffId).toBe(scan.digest);
    expect(early.take(extent)).toBeNull();
  });

  it('does not hand out the index of a blob that had another size', async () => {
    early = new EarlyScans({ digests: true, smallest: 0 });
    const extent = extentOf('layer', await packTar([file('etc/motd', 'hello')]));
    early.begin({ ...extent, size: 512 });
    expect(early.take(extent)).toBeNull();
  });

  it('does not index small layers early', async () => {
    early = new EarlyScans({ digests: true });
    const extent = extentOf('layer', await packTar([file('etc/motd', 'hello')]));
    early.begin(extent);
    expect(early.take(extent)).toBeNull();
  });

  it('cancels the scans when it is closed', async () => {
    early = new EarlyScans({ digests: true, smallest: 0 });
    const extent = extentOf('layer', await packTar([file('etc/motd', 'hello')]));
    early.begin(extent);
    const scan = early.take(extent)!;
    early.close();
    await expect(scan).rejects.toThrow('cancelled');
  });
});
