/** The part of the WebAssembly JavaScript Interface (W3C) that exhume uses. TypeScript has these types only in its DOM library. */
declare namespace WebAssembly {
  type Module = object;
  /** @throws Error if the bytes are not a module */
  const Module: new (bytes: Uint8Array) => Module;
  class Memory {
    readonly buffer: ArrayBuffer;
    /**
     * @param descriptor `initial` pages of 64 KiB
     * @throws RangeError if there is not enough address space
     */
    constructor(descriptor: { readonly initial: number });
  }
  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
    constructor(module: Module, imports?: { readonly env: { readonly memory: Memory } });
  }
}
