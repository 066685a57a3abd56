import { scanContent } from './text-scanner.ts';

const STAR = 0x2a;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A content with its credentials covered. */
export interface Covered {
  readonly bytes: Uint8Array;
  /** How many stretches were covered. */
  readonly count: number;
}

/**
 * Covers every credential of a content, byte for byte, so that offsets and line numbers stay what they
 * are. Examples and placeholders stay readable.
 * @param bytes a file or a piece of one; it is not changed
 * @param path in the image: decides which reader looks at it beside the rules
 */
export function coverSecrets(bytes: Uint8Array, path: string): Covered {
  const hits = scanContent(bytes, path).filter(
    ({ verdict }) => verdict !== 'placeholder' && verdict !== 'known-example',
  );
  if (hits.length === 0) return { bytes, count: 0 };
  const covered = Uint8Array.from(bytes);
  for (const { end, start } of hits) {
    for (let at = Math.max(0, start); at < Math.min(end, covered.length); at++) {
      if (covered[at] !== LINE_FEED && covered[at] !== CARRIAGE_RETURN) covered[at] = STAR;
    }
  }
  return { bytes: covered, count: hits.length };
}
