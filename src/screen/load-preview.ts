import { listMembers } from '../layer/archive-members.ts';
import { fileKind, KIND_HEAD } from '../layer/magic.ts';
import { type ContentWindow, readWindow } from '../layer/window.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { contentSecrets, maskContent, mergedSpans } from '../secrets/mask/mask-content.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import type { Span } from '../secrets/span.ts';
import { decodeName } from '../text/escape.ts';
import { HEX_BYTES } from '../text/hex.ts';
import {
  type ContentRef,
  diffLines,
  type Generation,
  hexLines,
  memberLines,
  note,
  type Preview,
  PREVIEW_WINDOW,
  type PreviewRequest,
  textLines,
} from '../tui/preview.ts';

/** Larger files have no diff and no listing of archive members. */
const WHOLE_LIMIT = 4 << 20;

/** Bytes read on both sides of a part of a large file: a credential may straddle its ends. */
const MARGIN = 64 * 1024;

/**
 * Reads a part of a file as lines, with all credentials masked except the one to reveal. Only files up to
 * {@link WHOLE_LIMIT} are read whole; of larger ones, a window.
 */
export async function loadPreview(
  stacked: StackedImage,
  request: PreviewRequest,
  masker: Masker,
  signal?: AbortSignal,
): Promise<Preview> {
  const { content, offset } = request;
  const read = (ref: ContentRef, from: number, length: number): Promise<ContentWindow> =>
    readWindow(stacked.image.layers[ref.layer]!.blob!, headerOffset(stacked, ref), from, length, signal);
  const size = sizeOf(stacked, content);
  const window = await readCovered(stacked, request, masker, read);
  const head = (await read(content, 0, KIND_HEAD)).bytes.subarray(0, KIND_HEAD);
  const { kind, title } = fileKind(head);
  const { firstLine } = request;
  const base = {
    content,
    title,
    offset,
    more: !window.last,
    size,
    secrets: [],
    revealed: null,
    marked: null,
  };
  const shown = (mode: 'text' | 'hex'): Preview => placed(base, mode, window, request);
  switch (request.mode) {
    case 'hex':
    case 'text':
      return shown(request.mode);
    case 'diff': {
      const diff = { ...base, firstLine, mode: 'diff', more: false } as const;
      if (request.before === null) return { ...diff, lines: [note('no earlier version of this file')] };
      if (size > WHOLE_LIMIT || sizeOf(stacked, request.before) > WHOLE_LIMIT) {
        return { ...diff, lines: [note('too large for a line-by-line diff')] };
      }
      const whole = async (ref: ContentRef): Promise<Generation> => {
        const { bytes } = await read(ref, 0, WHOLE_LIMIT);
        return { bytes, covered: maskContent(bytes, contentSecrets(bytes, pathOf(stacked, ref), masker)) };
      };
      const lines = diffLines(await whole(request.before), await whole(content));
      return { ...diff, title: `${title}, compared with layer ${request.before.layer}`, lines };
    }
    case 'members':
    case 'auto': {
      // A listing of members cannot show a requested byte.
      if ((kind === 'archive' || kind === 'compressed') && request.at === null) {
        const whole = await read(content, 0, WHOLE_LIMIT);
        const listing = listMembers(whole.bytes, whole.last);
        if (listing !== null) {
          const rest = listing.complete
            ? []
            : [note('the listing may be incomplete: only the start of the file was read')];
          const members = listing.members.map((each) => ({ ...each, name: masker.mask(each.name) }));
          const lines = [...memberLines(members), ...rest];
          return { ...base, firstLine, mode: 'members', more: false, lines };
        }
      }
      if (kind === 'empty') return { ...base, firstLine, mode: 'text', lines: [note('the file is empty')] };
      return shown(kind === 'text' || kind === 'script' || kind === 'pem' ? 'text' : 'hex');
    }
  }
}

interface CoveredWindow {
  readonly bytes: Uint8Array;
  readonly last: boolean;
  /** In bytes of the content. */
  readonly secrets: readonly Span[];
  readonly revealed: number | null;
}

/** Reads the requested part and masks its credentials. */
async function readCovered(
  stacked: StackedImage,
  { content, known, offset, reveal }: PreviewRequest,
  masker: Masker,
  read: (ref: ContentRef, from: number, length: number) => Promise<ContentWindow>,
): Promise<CoveredWindow> {
  const isWhole = sizeOf(stacked, content) <= WHOLE_LIMIT;
  const from = isWhole ? 0 : Math.max(0, offset - MARGIN);
  const length = isWhole ? WHOLE_LIMIT : offset - from + PREVIEW_WINDOW + MARGIN;
  const { bytes, last } = await read(content, from, length);
  const begin = offset - from;
  const end = Math.min(bytes.length, begin + PREVIEW_WINDOW);
  const all = withKnown(
    contentSecrets(bytes, isWhole ? pathOf(stacked, content) : null, masker),
    known.map((each) => ({ start: each.offset - from, end: each.offset - from + each.length })),
  );
  const here = all.filter((span) => span.start < end && span.end > begin);
  const at = reveal === null ? -1 : here.findIndex(({ start }) => start + from === reveal);
  const covered = maskContent(
    bytes,
    here.filter((_, i) => i !== at),
  );
  return {
    bytes: covered.subarray(begin, end),
    last: last && end === bytes.length,
    secrets: here.map(({ start, end: to }) => ({ start: start + from, end: to + from })),
    revealed: at < 0 ? null : at,
  };
}

/** Adds the known spans that no found span contains. */
function withKnown(found: readonly Span[], known: readonly Span[]): readonly Span[] {
  const more = known.filter(
    ({ start, end }) => !found.some((each) => each.start <= start && each.end >= end),
  );
  return more.length === 0 ? found : mergedSpans([...found, ...more]);
}

/** Returns the lines of a part, with the places of its credentials and of the requested byte. */
function placed(
  base: Omit<Preview, 'mode' | 'lines' | 'firstLine'>,
  mode: 'text' | 'hex',
  { bytes, last, revealed, secrets }: CoveredWindow,
  { at, firstLine: asked }: PreviewRequest,
): Preview {
  const { offset } = base;
  const lineOf = (place: number): number => {
    const within = Math.max(0, Math.min(bytes.length, place - offset));
    return mode === 'hex' ? Math.floor(within / HEX_BYTES) : lineFeeds(bytes.subarray(0, within));
  };
  const isHere = at !== null && at.offset >= offset && at.offset < offset + bytes.length;
  const marked = isHere ? lineOf(at.offset) : null;
  // In the middle of a file, the first line's number follows from the known line.
  const firstLine =
    mode === 'text' && at?.line != null && marked !== null ? Math.max(1, at.line - marked) : asked;
  const whole = mode === 'hex' ? hexLines(bytes, offset) : textLines(bytes, firstLine);
  // A trailing line feed does not start another line.
  const isEnded = mode === 'text' && last && whole.length > 1 && whole.at(-1)!.text === '';
  const lines = isEnded ? whole.slice(0, -1) : whole;
  const places = secrets.map(({ start, end }) => ({
    offset: start,
    length: end - start,
    line: lineOf(start),
  }));
  return { ...base, mode, lines, firstLine, secrets: places, revealed, marked };
}

function lineFeeds(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === 0x0a) count++;
  return count;
}

function sizeOf(stacked: StackedImage, { layer, entry }: ContentRef): number {
  return stacked.ledger.entriesOf(layer).size(entry);
}

function pathOf(stacked: StackedImage, { path }: ContentRef): string {
  return decodeName(stacked.ledger.paths.path(path)).text;
}

function headerOffset(stacked: StackedImage, { layer, entry }: ContentRef): number {
  return stacked.ledger.entriesOf(layer).headerOffset(entry);
}
