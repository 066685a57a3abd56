import { spawnSync } from 'node:child_process';
import type { Seen } from './parsing.ts';

/** The output of `tar -tvf`, normalized. */
export interface Listing {
  readonly lines: string[];
  readonly failed: boolean;
}

/** Lists bytes with GNU tar: names with C escapes, times in UTC, numeric owners. */
export function gnuListing(bytes: Uint8Array): Listing {
  const options = ['--numeric-owner', '--full-time', '--quoting-style=escape', '-tvf', '-'];
  const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C' };
  const { stdout, status } = spawnSync('tar', options, { input: bytes, env, maxBuffer: 2 ** 26 });
  return { lines: stdout.toString('latin1').split('\n').slice(0, -1).map(normalise), failed: status !== 0 };
}

/**
 * Normalizes a line: one space between columns, no fractions of seconds. GNU tar prints the size field of
 * directories and FIFOs, which have no content, and another letter for contiguous files.
 */
function normalise(line: string): string {
  const parts = /^(\S{10}) (\S+)\s+(\S+) (-?\d+-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)? (.*)$/.exec(line);
  if (parts === null) return line;
  const [, mode = '', owner, size, time, name] = parts;
  return `${mode.replace(/^C/, '-')} ${owner} ${/^[dp]/.test(mode) ? '0' : size} ${time} ${name}`;
}

/** Returns the line that GNU tar prints for a member. */
export function listingLine(member: Seen): string {
  const device = member.type === 'character' || member.type === 'block';
  const time = new Date(Math.floor(member.mtime) * 1000).toISOString().replace('T', ' ').slice(0, -5);
  const link = { symlink: ' -> ', hardlink: ' link to ' }[member.type as string];
  return [
    permissions(member),
    `${member.uid}/${member.gid}`,
    device ? member.device : String(member.size),
    time,
    escape(member.name) + (link === undefined ? '' : link + escape(member.linkname)),
  ].join(' ');
}

const LETTERS = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  hardlink: 'h',
  character: 'c',
  block: 'b',
  fifo: 'p',
};

function permissions({ type, mode }: Seen): string {
  const triple = (shift: number, special: number, letter: string): string => {
    const run = (mode >> shift) & 1;
    const plain = run ? 'x' : '-';
    const last = mode & special ? (run ? letter : letter.toUpperCase()) : plain;
    return `${(mode >> shift) & 4 ? 'r' : '-'}${(mode >> shift) & 2 ? 'w' : '-'}${last}`;
  };
  return LETTERS[type] + triple(6, 0o4000, 's') + triple(3, 0o2000, 's') + triple(0, 0o1000, 't');
}

const SHORT: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  92: '\\\\',
};

function escape(latin1: string): string {
  return [...Buffer.from(latin1, 'latin1')]
    .map((byte) => {
      if (SHORT[byte] !== undefined) return SHORT[byte];
      return byte < 0x20 || byte > 0x7e
        ? `\\${byte.toString(8).padStart(3, '0')}`
        : String.fromCharCode(byte);
    })
    .join('');
}
