/** The part of Node's own handle of a zlib stream that is used here; none of it is documented. */
export interface ZlibHandle {
  onerror: (message: string, errno: number, code: string) => void;
  /** Makes it ready for another stream of the same format. */
  reset(): void;
  /** Works on the thread that calls it; what is left of both buffers stands in the write state afterwards. */
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputLength: number,
    output: Uint8Array,
    outputAt: number,
    outputLength: number,
  ): void;
}

/** A handle, and where it says how far it came. */
export interface OpenedZlib {
  readonly handle: ZlibHandle;
  /** Room left in the output, then bytes left of the input. */
  readonly state: Uint32Array;
  close(): void;
}

/**
 * What is behind a stream of `node:zlib`. Whoever uses it tries it out first: Node has no public way to inflate
 * into a buffer that is there already.
 * @returns null where this Node has it not, or otherwise
 */
export function handleOf(stream: object): OpenedZlib | null {
  const { _handle: handle, _writeState: state } = stream as {
    _handle?: Partial<ZlibHandle>;
    _writeState?: unknown;
  };
  if (typeof handle?.writeSync !== 'function' || typeof handle.reset !== 'function') return null;
  if (!(state instanceof Uint32Array)) return null;
  const close = (): void => void (stream as { destroy(): unknown }).destroy();
  return { handle: handle as ZlibHandle, state, close };
}
