import { ArrivingArchive } from '../image/engines/arriving.ts';
import type { EnginePlace } from '../image/engines/engine.ts';
import { checkKeep, type EngineOptions, openFromEngines } from '../image/engines/open-engine.ts';
import { openFromRegistry } from '../image/engines/registry.ts';
import type { ImageArchive } from '../image/image.ts';
import type { EarlyScans } from '../layer/early-scans.ts';
import { Problem } from '../problem.ts';
import type { CommandContext, CommonOptions } from '../commands/context.ts';
import { type ProgressLine, progressLine } from '../commands/progress-line.ts';

/** The options of a command that matter to engines. */
export type EngineChoice = Pick<CommonOptions, 'engine' | 'keep' | 'platform' | 'quiet'>;

/** Opens an image that an engine on this machine holds, showing how it arrives. */
export async function openEngineImage(
  place: EnginePlace,
  name: string,
  choice: EngineChoice,
  context: CommandContext,
  early?: EarlyScans,
): Promise<ImageArchive> {
  return withProgress(name, choice, context, (line) =>
    openFromEngines(place, name, engineOptions(choice, context, line, early)),
  );
}

/** Opens an image of a registry, showing how it arrives. */
export async function openRegistryImage(
  name: string,
  choice: EngineChoice,
  context: CommandContext,
  early?: EarlyScans,
): Promise<ImageArchive> {
  return withProgress(name, choice, context, (line) =>
    openFromRegistry(name, engineOptions(choice, context, line, early)),
  );
}

/** Opens an archive that comes through standard input, showing how it arrives. */
export async function openStandardInput(
  choice: EngineChoice,
  context: CommandContext,
  early?: EarlyScans,
): Promise<ImageArchive> {
  if (context.stdin.isTTY) {
    throw new Problem(
      'usage',
      'standard input is a terminal; pipe an archive into it, as in: docker save NAME | exhume -',
    );
  }
  const keep = choice.keep ?? null;
  checkKeep(keep);
  return withProgress('standard input', choice, context, async (line) => {
    const arriving = new ArrivingArchive('standard input', {
      keep,
      onProgress: line.update,
      onLayer: ({ extent }) => early?.begin(extent),
      signal: context.signal,
    });
    line.waitFor('its first bytes');
    try {
      for await (const chunk of readable(context.stdin)) arriving.write(chunk);
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
  choice: EngineChoice,
  context: CommandContext,
  line: ProgressLine,
  early: EarlyScans | undefined,
): EngineOptions {
  return {
    env: context.env,
    signal: context.signal,
    cli: choice.engine ?? null,
    keep: choice.keep ?? null,
    platform: choice.platform ?? null,
    quiet: choice.quiet === true,
    onAsk: line.waitFor,
    onProgress: line.update,
    onLayer: ({ extent }) => early?.begin(extent),
  };
}

async function withProgress(
  what: string,
  choice: EngineChoice,
  context: CommandContext,
  open: (line: ProgressLine) => Promise<ImageArchive>,
): Promise<ImageArchive> {
  const line = progressLine(context, what, choice.quiet === true);
  try {
    return await open(line);
  } finally {
    line.end();
  }
}
