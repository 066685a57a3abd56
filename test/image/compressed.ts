import { spawnSync } from 'node:child_process';

/** Compresses bytes with the machine's xz; logs a message and returns null if xz is not installed. */
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
