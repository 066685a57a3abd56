import { escapeText } from '../text/escape.ts';
import { HEX_BYTES, hexLine } from '../text/hex.ts';
import { type DiffLine, diffTexts } from '../text/line-diff.ts';
import { humanSize } from '../text/size.ts';

/** A generation of a file: where its bytes are. */
export interface ContentRef {
  readonly path: number;
  readonly layer: number;
  readonly entry: number;
}

/** How a content is shown. */
export type PreviewMode = 'text' | 'hex' | 'diff' | 'members';

/** Bytes of a file that are looked at in one piece. */
export const PREVIEW_WINDOW = 256 * 1024;

/** One line of a preview. */
export interface PreviewLine {
  /** Line number, offset or nothing. */
  readonly lead: string;
  /** Escaped. */
  readonly text: string;
  readonly kind: 'plain' | 'added' | 'removed' | 'hunk';
}

/** A content, or a piece of it, ready to be drawn. */
export interface Preview {
  readonly content: ContentRef;
  /** What the file is, by its first bytes. */
  readonly title: string;
  readonly mode: PreviewMode;
  readonly lines: readonly PreviewLine[];
  /** Where this piece begins in the content, in bytes, and whether more follows. */
  readonly offset: number;
  readonly more: boolean;
  /** Number of the first line of this piece. */
  readonly firstLine: number;
  readonly size: number;
  /** The credentials of this piece, covered but for the one that is revealed. */
  readonly secrets: readonly CoveredSecret[];
  /** Place in {@link secrets} of the one that can be read; null where none can. */
  readonly revealed: number | null;
  /** Place in {@link lines} of what was asked for; null where nothing was. */
  readonly marked: number | null;
}

/** A credential in a preview. */
interface CoveredSecret {
  /** First byte in the content, and how many. */
  readonly offset: number;
  readonly length: number;
  /** Place of its first line in the lines of the preview. */
  readonly line: number;
}

/** A stretch of a content, in bytes. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/** What of a file is asked for; `auto` takes what fits its kind. */
export interface PreviewRequest {
  readonly content: ContentRef;
  readonly mode: PreviewMode | 'auto';
  readonly offset: number;
  readonly firstLine: number;
  /** The generation before, for a diff. */
  readonly before: ContentRef | null;
  /** A byte to mark the line of, and the number of that line where it is known. */
  readonly at: { readonly offset: number; readonly line: number | null } | null;
  /** The offset of the one credential that is not to be covered; null covers all. */
  readonly reveal: number | null;
  /** Credentials known beside those that the content shows by itself. */
  readonly known: readonly Stretch[];
}

/** A tab is drawn as this many cells at most. */
const TAB = 4;

/**
 * The lines of a text. Control characters other than tab and line feed are made visible, a carriage
 * return too: some files hide behind it.
 * @param firstLine number of the first line
 */
export function textLines(bytes: Uint8Array, firstLine: number): PreviewLine[] {
  return decodeText(bytes)
    .split('\n')
    .map((line, i) => ({ lead: String(firstLine + i), text: visibleLine(line), kind: 'plain' }));
}

/** UTF-16 by its mark, else UTF-8. */
function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}

/** A line of a file: what acts is escaped; backslashes stay, since here they are usual. */
function visibleLine(line: string): string {
  return line
    .split('\t')
    .map((part) => escapeText(part).replaceAll('\\\\', '\\'))
    .join(' '.repeat(TAB));
}

/** The lines of a hex dump. */
export function hexLines(bytes: Uint8Array, offset: number): PreviewLine[] {
  const lines: PreviewLine[] = [];
  for (let at = 0; at < bytes.length; at += HEX_BYTES) {
    lines.push({ lead: '', text: hexLine(offset + at, bytes.subarray(at, at + HEX_BYTES)), kind: 'plain' });
  }
  return lines;
}

/** A generation of a file: what is compared, and what of it may be seen, of as many lines. */
export interface Generation {
  readonly bytes: Uint8Array;
  readonly covered: Uint8Array;
}

/** The lines in which two generations differ, be it in what is covered alone. */
export function diffLines(before: Generation, after: Generation): PreviewLine[] {
  const lines = diffTexts(decodeText(before.bytes), decodeText(after.bytes));
  if (lines === null) return [note('the two generations differ too much to be compared line by line')];
  if (lines.length === 0) return [note('both generations have the same text')];
  const [old, fresh] = [before, after].map(({ covered }) => decodeText(covered).split('\n'));
  const seen = lines.map((line) => {
    const text = line.after === null ? old?.[line.before! - 1] : fresh?.[line.after - 1];
    return line.kind === 'hunk' ? line : { ...line, text: text ?? '' };
  });
  const textsOf = (kind: DiffLine['kind']) => seen.flatMap((line) => (line.kind === kind ? [line.text] : []));
  const removed = new Set(textsOf('removed'));
  const isHidden = textsOf('added').some((text) => text.includes('*') && removed.has(text));
  const hint = isHidden ? [note('lines that look the same differ in what is covered')] : [];
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

/** A line that is about the content and not of it. */
export function note(text: string): PreviewLine {
  return { lead: '', text, kind: 'hunk' };
}

/** The members of an archive. */
export function memberLines(
  members: readonly { readonly name: string; readonly type: string; readonly size: number }[],
): PreviewLine[] {
  return members.map(({ name, type, size }) => ({
    lead: type === 'file' ? humanSize(size) : type,
    text: escapeText(name),
    kind: 'plain',
  }));
}
