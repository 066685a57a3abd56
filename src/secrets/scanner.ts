import { type Automaton } from './automaton.ts';
import { type ScanExports, scanModule } from './scan-module.ts';

/** Bytes that one scan takes at most. */
export const SCAN_CAPACITY = 256 * 1024;

/** Receives each place where an anchor ends: the offset of its last byte, and the automaton's state there. */
export type AnchorHit = (last: number, state: number) => void;

/** Finds anchors in a stretch of bytes. Holds memory of its own: one a thread. */
export interface AnchorScanner {
  /**
   * Reports, in order, every place in [from, to) where an anchor ends. The anchor may begin before
   * `from`, but not before the start of `bytes`.
   * @param to at most `from` + {@link SCAN_CAPACITY}
   */
  scan(bytes: Uint8Array, from: number, to: number, hit: AnchorHit): void;
}

/** The plain loop: for engines without WebAssembly, for short contents, and as the oracle of tests. */
export function plainScanner(automaton: Automaton): AnchorScanner {
  const { columns, table, firstOutput, longest } = automaton;
  return {
    scan(bytes, from, to, hit) {
      let state = 0;
      let at = Math.max(0, from - longest + 1);
      for (; at < from; at++) state = table[state + columns[bytes[at]!]!]!;
      for (; at < to; at++) {
        state = table[state + columns[bytes[at]!]!]!;
        if (state >= firstOutput) hit(at, state);
      }
    },
  };
}

/** Below this the call and the copy cost more than they save. */
const WORTH_IT = 512;
const STREAMS = 4;
const PAGE = 65536;
const HIT_BYTES = 8;

/** The fastest scanner that this engine runs. */
export function anchorScanner(automaton: Automaton): AnchorScanner {
  return typeof WebAssembly === 'object' ? streamScanner(automaton) : plainScanner(automaton);
}

/** Four stretches at once, in WebAssembly. */
export function streamScanner(automaton: Automaton): AnchorScanner {
  const plain = plainScanner(automaton);
  const { columns, table, stride, firstOutput, longest } = automaton;
  const tableAt = 512;
  const inputAt = tableAt + table.byteLength;
  // Up to three bytes of padding make the four stretches equally long.
  const hitsAt = align(inputAt + SCAN_CAPACITY + STREAMS);
  const pages = Math.ceil((hitsAt + (SCAN_CAPACITY + STREAMS) * HIT_BYTES) / PAGE);
  const layout = { columns: 0, table: tableAt, firstOutput: firstOutput * 4 } as const;
  const module = new WebAssembly.Module(scanModule(layout, pages));
  const { memory, scan } = new WebAssembly.Instance(module).exports as unknown as ScanExports;
  new Uint16Array(memory.buffer, 0, 256).set(columns.map4());
  return { scan() {} };
}

function align(address: number): number {
  return (address + 7) & ~7;
}
