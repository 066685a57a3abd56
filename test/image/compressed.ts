import { spawnSync } from 'node:child_process';

/** The bytes compressed by the machine's xz; null, with a word about it, where there is none. */
export function xzBytes(bytes: Uint8Array): Uint8Array | null {
  const result = spawnSync('xz', ['-c'], { input: bytes, maxBuffer: 1 << 28 });
  if (result.error !== undefined) {
    process.stderr.write('skipped: no xz on this machine\n');
    return null;
  }
  return result.stdout;
}

/** The first bytes of a bzip2 file. */
export function bzip2Magic(): Uint8Array {
  return Buffer.from('BZh91AY&SY', 'latin1');
}
