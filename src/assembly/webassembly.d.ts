/** What is used of WebAssembly (WebAssembly JavaScript Interface, W3C), whose types come with the browser's only. */
declare namespace WebAssembly {
  type Module = object;
  /** @throws Error for what is no module */
  const Module: new (bytes: Uint8Array) => Module;
  class Memory {
    readonly buffer: ArrayBuffer;
    /**
     * @param descriptor `initial` pages of 64 KiB
     * @throws RangeError where there is not so much address space
     */
    constructor(descriptor: { readonly initial: number });
  }
  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
    constructor(module: Module, imports?: { readonly env: { readonly memory: Memory } });
  }
}
