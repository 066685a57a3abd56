import { createGunzip, gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { hasZstd } from '../../fixtures/compress.ts';
import { directZlib } from '../../src/bytes/direct-zlib.ts';

const BOMB = gzipSync(Buffer.alloc(200_000_000));

function collecting(): { parts: Buffer[]; plain(chunk: Uint8Array): void; stopped(): boolean } {
  const parts: Buffer[] = [];
  return { parts, plain: (chunk) => parts.push(Buffer.from(chunk)), stopped: () => false };
}

// The other tests of this directory check that its output equals that of zlib's streams for every blob.
describe("inflating on the caller's thread", () => {
  it("works with the project's Node version", () => {
    expect(directZlib('gzip', collecting())).not.toBeNull();
    expect(directZlib('zstd', collecting()) !== null).toBe(hasZstd);
  });

  it('falls back to streams if the interface of Node has changed', async () => {
    vi.resetModules();
    vi.doMock('node:zlib', async (original) => ({
      ...(await original<object>()),
      createGunzip: () => Object.assign(createGunzip(), { _writeState: null }),
    }));
    const changed = await import('../../src/bytes/direct-zlib.ts');
    expect(changed.directZlib('gzip', collecting())).toBeNull();
    vi.doUnmock('node:zlib');
  });

  it('reports leftover bytes and errors', async () => {
    const sound = gzipSync('hello');
    const input = collecting();
    const first = directZlib('gzip', input)!;
    await first.write(Buffer.concat([sound, Buffer.from('\0\0\0rest')]));
    expect(Buffer.concat(input.parts).toString()).toBe('hello');
    expect([first.consumed, first.leftover, first.failure]).toEqual([sound.length, 7, null]);
    const second = directZlib('gzip', collecting())!;
    await second.write(Buffer.from('this is no gzip'));
    expect(second.failure?.code).toBe('Z_DATA_ERROR');
    const third = directZlib('gzip', collecting())!;
    await third.write(sound.subarray(0, -3));
    await third.finish();
    expect(third.failure?.code).toBe('Z_BUF_ERROR');
    for (const each of [first, second, third]) each.close();
  });

  it('yields to the event loop during a write with much output', async () => {
    let turns = 0;
    let bytes = 0;
    const timer = setInterval(() => turns++, 1);
    const zlib = directZlib('gzip', { plain: (chunk) => (bytes += chunk.length), stopped: () => false })!;
    await zlib.write(BOMB);
    clearInterval(timer);
    zlib.close();
    expect(bytes).toBe(200_000_000);
    expect(turns).toBeGreaterThan(3);
  });

  it('ends during a write if the sink is done or throws', async () => {
    let bytes = 0;
    const few = directZlib('gzip', { plain: (chunk) => (bytes += chunk.length), stopped: () => bytes > 0 })!;
    await few.write(BOMB);
    expect(bytes).toBeLessThan(1_000_000);
    const plain = (): never => {
      throw new Error('enough');
    };
    const failing = directZlib('gzip', { plain, stopped: () => false })!;
    await expect(failing.write(BOMB)).rejects.toThrow('enough');
    failing.close();
  });
});
