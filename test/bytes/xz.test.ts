import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/problem.ts';
import { fingerprint, outline, whole, hasTool, readAll, sampleBytes, throughTool } from './reading.ts';

/** Node cannot write xz, so these tests need the tool. */
describe.runIf(hasTool('xz'))('xz', () => {
  it.each(['none', 'crc32', 'crc64'])('reads a stream with check %s', async (check) => {
    const content = sampleBytes(600_000);
    expect(outline(await readAll(xz(content, `--check=${check}`)))).toEqual(whole(content));
  });

  it('reads an empty stream, several blocks, several streams and padding between them', async () => {
    expect(outline(await readAll(xz('')))).toEqual(whole(Buffer.alloc(0)));
    const content = sampleBytes(500_000);
    expect(outline(await readAll(xz(content, '-T2', '--block-size=70000')))).toEqual(whole(content));
    const blob = Buffer.concat([xz('a'), Buffer.alloc(8), xz(content), xz(''), xz('b'), Buffer.alloc(4)]);
    expect(outline(await readAll(blob))).toEqual(
      whole(Buffer.concat([Buffer.from('a'), content, Buffer.from('b')])),
    );
  });

  it('returns at least as much of a truncated stream as xz -dc', async () => {
    const content = sampleBytes(600_000);
    const blob = xz(content);
    for (const cut of [13, 100, 100_000, 262_144, blob.length - 30, blob.length - 1]) {
      const { plain, damage } = await readAll(blob.subarray(0, cut));
      const theirs = throughTool('xz', ['-dcq'], blob.subarray(0, cut));
      expect(damage).toMatchObject({ code: 'truncated', offset: cut });
      // The decoder reads the last few stored bytes only if more bytes follow.
      expect(plain.length).toBeGreaterThan(theirs.length - 1000);
      expect(fingerprint(plain)).toBe(fingerprint(content.subarray(0, plain.length)));
    }
  });

  it('returns the content before the damage and the offset of the damage', async () => {
    const content = sampleBytes(600_000);
    const blob = xz(content, '--check=none');
    for (const at of [70_000, 262_100, 262_200]) {
      const broken = Buffer.from(blob);
      broken.fill(0xff, at, at + 100);
      const { plain, damage } = await readAll(broken);
      const theirs = throughTool('xz', ['-dcq'], broken);
      expect(damage?.code).toBe('corrupt');
      expect(damage!.offset).toBeGreaterThanOrEqual(at - 16);
      // The decoder reads the last few stored bytes only if more bytes follow.
      expect(plain.length).toBeGreaterThan(theirs.length - 1000);
      expect(fingerprint(plain)).toBe(fingerprint(theirs.subarray(0, plain.length)));
    }
  });

  it('reports bytes after the end', async () => {
    const blob = xz('content');
    const { plain, damage } = await readAll(Buffer.concat([blob, Buffer.from('garbage garbage garbage')]));
    expect(plain.toString()).toBe('content');
    expect(damage?.code).toBe('trailing-data');
    expect(Math.abs(damage!.offset - blob.length)).toBeLessThanOrEqual(16);
  });

  it.each([
    ['an unsupported integrity check', '--check=sha256', 'integrity check or filter'],
    ['an unsupported filter', '--x86', 'integrity check or filter'],
    ['a dictionary that is too large', '--lzma2=preset=9,dict=512MiB', 'dictionary size'],
  ])('refuses %s, and says what to do', async (_, option, feature) => {
    const options = option === '--x86' ? ['--x86', '--lzma2=preset=1'] : [option];
    const error = await readAll(xz('content', ...options)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({
      code: 'unsupported-compression',
      message: `blob: unsupported xz ${feature}; decompress it first (xz -d)`,
    });
  });

  it('closes its stream when it stops early, so that the next one can be read', async () => {
    const blob = xz(sampleBytes(900_000));
    for (let i = 0; i < 3; i++) {
      let seen = 0;
      const { damage } = await readAll(blob, { done: () => ++seen > 1 });
      expect(damage).toBeNull();
    }
    expect(outline(await readAll(blob))).toEqual(whole(sampleBytes(900_000)));
  });
});

function xz(content: string | Uint8Array, ...options: string[]): Buffer {
  return execFileSync('xz', ['-c', '-q', ...options], { input: content, maxBuffer: 2 ** 26 });
}
