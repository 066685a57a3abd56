import { rebuildDockerfile } from '../history/dockerfile.ts';
import { incompleteOf } from '../ledger/incomplete.ts';
import { dockerfileFacts, dockerfileText } from '../report/dockerfile-facts.ts';
import { imageFacts } from '../report/image-facts.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { openForCommand } from './open-for-command.ts';
import { writeJson, writeLines } from './output.ts';

export interface DockerfileOptions extends CommonOptions {
  /** Use the history even if the builder recorded the Dockerfile. */
  readonly fromHistory?: boolean;
}

/** `exhume dockerfile IMAGE`: prints the reconstructed Dockerfile, with each line observed or inferred. */
export async function dockerfile(
  name: string | undefined,
  options: DockerfileOptions,
  context: CommandContext,
): Promise<void> {
  const { base, history, masker, provenance, stacked } = await openForCommand(name, options, context);
  const rebuilt = rebuildDockerfile(history, stacked.image.config, base);
  const facts = dockerfileFacts(
    rebuilt,
    base,
    options.fromHistory === true ? null : provenance,
    history,
    masker,
  );
  if (options.json) {
    await writeJson(context.stdout, {
      schema: 'exhume/dockerfile/1',
      image: imageFacts(stacked),
      incomplete: incompleteOf(stacked),
      ...facts,
    });
    return;
  }
  await writeLines(context.stdout, dockerfileText(facts));
}
