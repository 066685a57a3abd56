import xz from 'xz-decompress';
import type { Damage, DecoderInput } from './decoder.ts';

/** Inflates an xz blob through WebAssembly. Rare for layers, usual for archives kept by people. */
export async function inflateXz(input: DecoderInput): Promise<Damage | null> {
  let pulled = 0;
  const stored = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = input.pull();
      if (chunk === null) {
        controller.close();
        return;
      }
      pulled += chunk.length;
      controller.enqueue(chunk.slice());
    },
  });
  const reader = new xz.XzReadableStream(stored).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return null;
      input.plain(value);
      if (input.stopped()) return null;
    }
  } catch {
    return { code: 'corrupt', offset: pulled, message: 'the xz stream is damaged or cut short' };
  } finally {
    await reader.cancel().catch(() => {});
  }
}
