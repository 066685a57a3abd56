import { coverSecrets } from '../../secrets/cover.ts';
import { escapeBytes } from '../../text/escape.ts';
import { listMembers } from '../../layer/archive-members.ts';
import { fileKind, KIND_HEAD } from '../../layer/magic.ts';
import { readWindow } from '../../layer/window.ts';
import type { StackedImage } from '../../ledger/stacked-image.ts';
import type { ContentRef } from '../../tui/effects.ts';
import {
  diffLines,
  hexLines,
  memberLines,
  note,
  type Preview,
  PREVIEW_WINDOW,
  type PreviewRequest,
  textLines,
} from '../../tui/preview.ts';

/** Larger files are not compared line by line, nor looked into as archives. */
const WHOLE_LIMIT = 4 << 20;

/** Reads a piece of a file and makes lines of it. Nothing larger than a window is loaded, but for a diff or a listing. */
export async function loadPreview(
  stacked: StackedImage,
  request: PreviewRequest,
  signal?: AbortSignal,
): Promise<Preview> {
  const { content, offset } = request;
  const read = (ref: ContentRef, from: number, length: number) =>
    readWindow(stacked.image.layers[ref.layer]!.blob!, headerOffset(stacked, ref), from, length, signal);
  const size = stacked.ledger.layers[content.layer]!.columns.size[content.entry]!;
  const window = await read(content, offset, PREVIEW_WINDOW);
  const head = offset === 0 ? window.bytes : (await read(content, 0, KIND_HEAD)).bytes;
  const { kind, title } = fileKind(head.subarray(0, KIND_HEAD));
  const path = escapeBytes(stacked.ledger.paths.path(content.path));
  let covered = 0;
  const cover = (bytes: Uint8Array): Uint8Array => {
    if (request.reveal) return bytes;
    const result = coverSecrets(bytes, path);
    covered += result.count;
    return result.bytes;
  };
  const facts = { content, title, offset, more: !window.last, firstLine: request.firstLine, size };
  const done = (shown: Pick<Preview, 'mode' | 'lines'> & Partial<Pick<Preview, 'more'>>): Preview => ({
    ...facts,
    ...shown,
    covered,
    revealed: request.reveal,
  });
  switch (request.mode) {
    case 'hex':
      return done({ mode: 'hex', lines: hexLines(cover(window.bytes), offset) });
    case 'text':
      return done({ mode: 'text', lines: textLines(cover(window.bytes), request.firstLine) });
    case 'diff': {
      if (request.before === null) {
        return done({ mode: 'diff', more: false, lines: [note('no earlier generation of this file')] });
      }
      const older = await read(request.before, 0, WHOLE_LIMIT);
      const newer = await read(content, 0, WHOLE_LIMIT);
      if (!older.last || !newer.last) {
        return done({ mode: 'diff', more: false, lines: [note('too large to be compared line by line')] });
      }
      return done({ mode: 'diff', more: false, lines: diffLines(cover(older.bytes), cover(newer.bytes)) });
    }
    case 'members':
    case 'auto': {
      const archive = kind === 'archive' || kind === 'compressed';
      if (archive) {
        const whole = await read(content, 0, WHOLE_LIMIT);
        const listing = listMembers(whole.bytes, whole.last);
        if (listing !== null) {
          const rest = listing.complete
            ? []
            : [note('the listing may be incomplete: only the beginning was read')];
          return done({ mode: 'members', more: false, lines: [...memberLines(listing.members), ...rest] });
        }
      }
      const readable = kind === 'text' || kind === 'script' || kind === 'pem';
      if (kind === 'empty') return done({ mode: 'text', lines: [note('the file is empty')] });
      if (readable) return done({ mode: 'text', lines: textLines(cover(window.bytes), request.firstLine) });
      return done({ mode: 'hex', lines: hexLines(cover(window.bytes), offset) });
    }
  }
}

function headerOffset(stacked: StackedImage, { layer, entry }: ContentRef): number {
  return stacked.ledger.layers[layer]!.columns.headerBlock[entry]! * 512;
}
