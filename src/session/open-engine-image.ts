import { ArrivingArchive } from '../image/engines/arriving.ts';
import type { EnginePlace } from '../image/engines/engine.ts';
import { checkKeep, type EngineOptions, openFromEngines } from '../image/engines/open-engine.ts';
import { openFromRegistry } from '../image/engines/registry.ts';
import type { ImageArchive } from '../image/image.ts';
import type { EarlyScans } from '../layer/early-scans.ts';
import { Problem } from '../problem.ts';
import { type ArrivalListener, reportArrival, type SessionListener } from './listener.ts';
import { type SessionOptions, signalOf } from './session-options.ts';

/** Opens an image of a local engine, and reports the progress of the transfer. */
export async function openEngineImage(
  place: EnginePlace,
  name: string,
  options: SessionOptions,
  listener: SessionListener,
  early?: EarlyScans,
): Promise<ImageArchive> {
  return reporting(name, listener, (arrival) =>
    openFromEngines(place, name, engineOptions(options, arrival, early)),
  );
}

/** Opens an image of a registry, and reports the progress of the transfer. */
export async function openRegistryImage(
  name: string,
  options: SessionOptions,
  listener: SessionListener,
  early?: EarlyScans,
): Promise<ImageArchive> {
  return reporting(name, listener, (arrival) =>
    openFromRegistry(name, engineOptions(options, arrival, early)),
  );
}

/**
 * Opens an archive from standard input, and reports the progress of the transfer.
 * @throws Problem `usage` if the options have no standard input, or if it is a terminal
 */
export async function openStandardInput(
  options: SessionOptions,
  listener: SessionListener,
  early?: EarlyScans,
): Promise<ImageArchive> {
  const { stdin } = options;
  if (stdin === undefined) throw new Problem('usage', 'cannot read an image from standard input here');
  if (stdin.isTTY === true) {
    throw new Problem(
      'usage',
      'standard input is a terminal; pipe an archive into it, as in: docker save NAME | exhume -',
    );
  }
  const keep = options.keep ?? null;
  checkKeep(keep);
  return reporting('standard input', listener, async (arrival) => {
    const arriving = new ArrivingArchive('standard input', {
      keep,
      onProgress: (progress) => arrival.update(progress),
      onLayer: ({ extent }) => early?.begin(extent),
      signal: signalOf(options),
    });
    arrival.waitFor('the first bytes');
    try {
      for await (const chunk of readable(stdin)) arriving.write(chunk);
      arriving.end();
      return await arriving.openImage();
    } catch (error) {
      arriving.discard();
      throw error;
    }
  });
}

/** The chunks of standard input. A disk that cannot be read is an error of the input, not of exhume. */
async function* readable(stdin: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  let at = 0;
  const chunks = stdin[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<unknown>;
    try {
      next = await chunks.next();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Problem('read-error', `cannot read standard input at offset ${at}: ${message}`, {}, error);
    }
    if (next.done === true) return;
    const chunk = next.value as Uint8Array;
    at += chunk.length;
    yield chunk;
  }
}

function engineOptions(
  options: SessionOptions,
  arrival: ArrivalListener,
  early: EarlyScans | undefined,
): EngineOptions {
  return {
    env: options.env ?? {},
    signal: signalOf(options),
    cli: options.engine ?? null,
    keep: options.keep ?? null,
    platform: options.platform ?? null,
    quiet: options.quiet === true,
    onAsk: (program) => arrival.waitFor(program),
    onProgress: (progress) => arrival.update(progress),
    onLayer: ({ extent }) => early?.begin(extent),
  };
}

async function reporting(
  name: string,
  listener: SessionListener,
  open: (arrival: ArrivalListener) => Promise<ImageArchive>,
): Promise<ImageArchive> {
  const arrival = reportArrival(listener, name);
  try {
    return await open(arrival);
  } finally {
    arrival.end();
  }
}
