import { escapeText } from '../text/escape.ts';
import { HEX_BYTES, hexLine } from '../text/hex.ts';
import { type DiffLine, diffTexts } from '../text/line-diff.ts';
import { humanSize } from '../text/size.ts';

/** A version of a file: where its bytes are. */
export interface ContentRef {
  readonly path: number;
  readonly layer: number;
  readonly entry: number;
}

/** How content is shown. */
export type PreviewMode = 'text' | 'hex' | 'diff' | 'members';

/** Bytes of a file that are read at once. */
export const PREVIEW_WINDOW = 256 * 1024;

/** One line of a preview. */
export interface PreviewLine {
  /** Line number, offset or nothing. */
  readonly lead: string;
  /** Escaped. */
  readonly text: string;
  readonly kind: 'plain' | 'added' | 'removed' | 'hunk';
}

/** Content, or a part of it, ready to be drawn. */
export interface Preview {
  readonly content: ContentRef;
  /** The file type, detected from the first bytes. */
  readonly title: string;
  readonly mode: PreviewMode;
  readonly lines: readonly PreviewLine[];
  /** Offset of this part in the content, in bytes, and whether more follows. */
  readonly offset: number;
  readonly more: boolean;
  /** Number of the first line of this part. */
  readonly firstLine: number;
  readonly size: number;
  /** The credentials of this part; all are masked except the revealed one. */
  readonly secrets: readonly CoveredSecret[];
  /** Index in {@link secrets} of the revealed one; null if all are masked. */
  readonly revealed: number | null;
  /** Index in {@link lines} of the requested byte; null if none was requested. */
  readonly marked: number | null;
}

/** A credential in a preview. */
interface CoveredSecret {
  /** Offset in the content, and length, in bytes. */
  readonly offset: number;
  readonly length: number;
  /** Index of its first line in the lines of the preview. */
  readonly line: number;
}

/** A range of bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** A request for a preview; `auto` selects the mode by file type. */
export interface PreviewRequest {
  readonly content: ContentRef;
  readonly mode: PreviewMode | 'auto';
  readonly offset: number;
  readonly firstLine: number;
  /** The previous version, for a diff. */
  readonly before: ContentRef | null;
  /** A byte whose line is marked, and the number of that line if known. */
  readonly at: { readonly offset: number; readonly line: number | null } | null;
  /** The offset of the one credential to reveal; null masks all. */
  readonly reveal: number | null;
  /** Credentials that the scan found, in addition to those detected in the content. */
  readonly known: readonly ByteRange[];
}

/** A tab is drawn as this many cells at most. */
const TAB = 4;

/**
 * Returns the lines of a text. Control characters other than tab and line feed are escaped, even a carriage
 * return: it can hide text.
 * @param firstLine number of the first line
 */
export function textLines(bytes: Uint8Array, firstLine: number): PreviewLine[] {
  return decodeText(bytes)
    .split('\n')
    .map((line, i) => ({ lead: String(firstLine + i), text: visibleLine(line), kind: 'plain' }));
}

/** Decodes UTF-16 with a byte order mark, else UTF-8. */
function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}

/** Escapes control characters, but keeps backslashes, which are common in files. */
function visibleLine(line: string): string {
  return line
    .split('\t')
    .map((part) => escapeText(part).replaceAll('\\\\', '\\'))
    .join(' '.repeat(TAB));
}

/** Returns the lines of a hex dump. */
export function hexLines(bytes: Uint8Array, offset: number): PreviewLine[] {
  const lines: PreviewLine[] = [];
  for (let at = 0; at < bytes.length; at += HEX_BYTES) {
    lines.push({ lead: '', text: hexLine(offset + at, bytes.subarray(at, at + HEX_BYTES)), kind: 'plain' });
  }
  return lines;
}

/** A version of a file: its bytes for the comparison, and the masked bytes to show, with the same lines. */
export interface Generation {
  readonly bytes: Uint8Array;
  readonly covered: Uint8Array;
}

/** Returns the lines in which two versions differ, even if only in a masked value. */
export function diffLines(before: Generation, after: Generation): PreviewLine[] {
  const lines = diffTexts(decodeText(before.bytes), decodeText(after.bytes));
  if (lines === null) return [note('the two versions differ too much for a line-by-line diff')];
  if (lines.length === 0) return [note('both versions have the same text')];
  const [old, fresh] = [before, after].map(({ covered }) => decodeText(covered).split('\n'));
  const seen = lines.map((line) => {
    const text = line.after === null ? old?.[line.before! - 1] : fresh?.[line.after - 1];
    return line.kind === 'hunk' ? line : { ...line, text: text ?? '' };
  });
  const textsOf = (kind: DiffLine['kind']) => seen.flatMap((line) => (line.kind === kind ? [line.text] : []));
  const removed = new Set(textsOf('removed'));
  const isHidden = textsOf('added').some((text) => text.includes('*') && removed.has(text));
  const hint = isHidden ? [note('lines that look the same differ in a masked value')] : [];
  return [...hint, ...seen.map(diffLine)];
}

function diffLine({ kind, text, before, after }: DiffLine): PreviewLine {
  if (kind === 'hunk') return { lead: '', text, kind: 'hunk' };
  const mark = kind === 'added' ? '+' : kind === 'removed' ? '-' : ' ';
  return {
    lead: String(after ?? before ?? ''),
    text: `${mark} ${visibleLine(text)}`,
    kind: kind === 'context' ? 'plain' : kind,
  };
}

/** Returns a line that is a note about the content. */
export function note(text: string): PreviewLine {
  return { lead: '', text, kind: 'hunk' };
}

/** Returns the members of an archive as lines. */
export function memberLines(
  members: readonly { readonly name: string; readonly type: string; readonly size: number }[],
): PreviewLine[] {
  return members.map(({ name, type, size }) => ({
    lead: type === 'file' ? humanSize(size) : type,
    text: escapeText(name),
    kind: 'plain',
  }));
}
