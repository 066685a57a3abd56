import { type Extent, readExtent } from '../bytes/source.ts';
import { Problem, type Warning } from '../problem.ts';
import type { ArchiveBlobs } from './blobs.ts';

/**
 * Describes a file that is not an image, for the error message.
 * @param reason why the format that it resembles does not accept it; null if it resembles no format
 */
export function describeForeign(
  members: ArchiveBlobs,
  archive: Extent,
  name: string,
  warnings: readonly Warning[],
  { accepted, reason }: { readonly accepted: string; readonly reason: string | null },
): Problem {
  const place = { file: name, offset: warnings[0]?.offset ?? 0 };
  const truncated = warnings.find((warning) => warning.code === 'truncated' || warning.code === 'corrupt');
  if (members.size === 0) {
    return new Problem(
      'not-an-image',
      `${name} is not a saved image: it is ${kindOf(readExtent(archive, 512))}; ${accepted}`,
      place,
    );
  }
  if (truncated !== undefined) {
    return new Problem(
      'truncated',
      `${name} is truncated (offset ${truncated.offset}: ${truncated.message}); ${reason ?? `no manifest.json or index.json among its ${members.size} readable ${members.size === 1 ? 'member' : 'members'}`}`,
      { file: name, ...(truncated.offset === undefined ? {} : { offset: truncated.offset }) },
    );
  }
  const names = members.names();
  if (names.some((member) => /^[0-9a-f]{64}\/json$/.test(member))) {
    return new Problem(
      'not-an-image',
      `${name} was saved by Docker before 1.10 (it has <id>/json but no manifest.json); load it into an engine and save it again`,
      place,
    );
  }
  const first = names.slice(0, 3).join(', ');
  const rootfs = names.some((member) => /^(etc|bin|usr|lib)\//.test(member));
  if (reason !== null && !rootfs) return new Problem('not-an-image', reason, place);
  const what = rootfs
    ? 'a root filesystem (docker export, or a single layer)'
    : `a tar with ${members.size} ${members.size === 1 ? 'member' : 'members'} (${first}${members.size > 3 ? ', …' : ''})`;
  return new Problem(
    'not-an-image',
    `${name} is not a saved image: it is ${what} without manifest.json or index.json; ${accepted}`,
    place,
  );
}

function kindOf(head: Uint8Array): string {
  const text = Buffer.from(head).toString('latin1');
  if (head.length === 0) return 'empty';
  if (text.startsWith('\x7fELF')) return 'an ELF program';
  if (text.startsWith('PK\x03\x04')) return 'a zip archive';
  if (/^\s*[[{]/.test(text)) return 'JSON text';
  if (/^\s*(FROM|ARG|#)\b/i.test(text)) return 'text, possibly a Dockerfile';
  if (head.every((byte) => byte === 0)) return 'all zeros';
  if (/^[\x09\x0a\x0d\x20-\x7e\x80-\xff]*$/.test(text)) return 'text';
  return `not a tar (first bytes ${Buffer.from(head.subarray(0, 8)).toString('hex')})`;
}
