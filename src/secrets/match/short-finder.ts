import type { Anchor } from '../rule.ts';
import type { AnchorFinder } from './anchor-scanner.ts';
import { plainLines } from './anchor-scanner.ts';

/**
 * Returns a finder that looks anchors up by their first two bytes. It is slow for long contents but needs no
 * setup: building the automaton takes longer than scanning the whole history of an image.
 */
export function shortFinder(anchors: readonly Anchor[]): AnchorFinder {
  const longest = Math.max(0, ...anchors.map(({ text }) => text.length));
  const byStart = new Map<number, number[]>();
  for (const [index, { text, ignoreCase }] of anchors.entries()) {
    const first = bothCases(text.charCodeAt(0), ignoreCase === true);
    const second = bothCases(text.charCodeAt(1), ignoreCase === true);
    for (const a of first) for (const b of second) add(byStart, (a << 8) | b, index);
  }
  /** Distinct lists of anchors that end at one position, indexed by state. */
  const outputs: number[][] = [];
  const states = new Map<string, number>();
  const stateOf = (list: number[]): number => {
    const key = list.join();
    const known = states.get(key);
    if (known !== undefined) return known;
    states.set(key, outputs.length);
    return outputs.push(list) - 1;
  };
  return {
    outputs: (state) => outputs[state]!,
    scanner: {
      buffer: null,
      countLines: plainLines,
      scan(bytes, from, to, hit) {
        const byLast = new Map<number, number[]>();
        for (let at = Math.max(0, from - longest + 1); at + 1 < to; at++) {
          for (const index of byStart.get((bytes[at]! << 8) | bytes[at + 1]!) ?? []) {
            const last = at + anchors[index]!.text.length - 1;
            if (last >= from && last < to && matchesAt(bytes, at, anchors[index]!)) add(byLast, last, index);
          }
        }
        for (const [last, list] of [...byLast].toSorted(([a], [b]) => a - b)) hit(last, stateOf(list));
      },
    },
  };
}

function matchesAt(bytes: Uint8Array, at: number, { text, ignoreCase }: Anchor): boolean {
  for (let i = 0; i < text.length; i++) {
    if (!bothCases(text.charCodeAt(i), ignoreCase === true).includes(bytes[at + i]!)) return false;
  }
  return true;
}

/** Returns a byte and, if case is ignored, the same letter in the other case. */
function bothCases(byte: number, ignoreCase: boolean): readonly number[] {
  const letter = byte | 0x20;
  if (!ignoreCase || letter < 0x61 || letter > 0x7a) return [byte];
  return [letter, letter & ~0x20];
}

function add(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
