import type { CommandContext, CommonOptions } from './context.ts';
import { readImage } from './open-image.ts';
import { printSummary } from './summary.ts';

/**
 * `exhume [IMAGE]`: the full-screen program on a terminal; without one, or with `--json`, the
 * summary.
 */
export async function explore(
  name: string | undefined,
  options: CommonOptions,
  context: CommandContext,
): Promise<void> {
  await printSummary(await readImage(name, options, context), options, context);
}
