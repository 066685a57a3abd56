import { isLone } from './lone-signs.ts';

/*
 * Stands in for `Intl.Segmenter` in the built program (see build.ts). Ink compares each changed
 * row with the one before it character by character, as soon as one sign of it is not ASCII, as the line between
 * two panes.
 */

// The build replaces the name with its dot.
const { Segmenter } = Intl;

/** As `Intl.Segmenter`. */
export class QuickSegmenter extends Segmenter {
  readonly #isOfGraphemes: boolean;

  constructor(locales?: Intl.LocalesArgument, options?: Intl.SegmenterOptions) {
    super(locales, options);
    this.#isOfGraphemes = (options?.granularity ?? 'grapheme') === 'grapheme';
  }

  override segment(input: string): Intl.Segments {
    return this.#isOfGraphemes && isOfLoneSigns(input) ? new LoneSegments(input) : super.segment(input);
  }
}

function isOfLoneSigns(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  for (let index = 0; index < text.length; index++) if (!isLone(text.charCodeAt(index))) return false;
  return true;
}

/** What `segment` gives for a text of lone signs. */
class LoneSegments implements Intl.Segments {
  readonly #input: string;

  constructor(input: string) {
    this.#input = input;
  }

  containing(at = 0): Intl.SegmentData | undefined {
    const index = Math.trunc(at) || 0;
    return index >= 0 && index < this.#input.length ? segmentAt(this.#input, index) : undefined;
  }

  *[Symbol.iterator](): Generator<Intl.SegmentData, undefined> {
    for (let index = 0; index < this.#input.length; index++) yield segmentAt(this.#input, index);
    return undefined;
  }
}

function segmentAt(input: string, index: number): Intl.SegmentData {
  return { segment: input[index]!, index, input };
}
