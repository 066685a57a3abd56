import { incompleteOf } from '../ledger/incomplete.ts';
import { completenessLines, completenessOf } from '../report/completeness.ts';
import { type ChangedFile, changedFiles } from '../packages/changed-files.ts';
import { findPackages } from '../packages/inventory.ts';
import { Problem } from '../problem.ts';
import { imageFacts } from '../report/image-facts.ts';
import { changedLines, type PackageFacts, packageFacts, packageLines } from '../report/package-facts.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { openForCommand } from './open-for-command.ts';
import { notice, write, writeJson, writeLines } from './output.ts';
import { VERSION } from '../session/version.ts';

export interface PackagesOptions extends CommonOptions {
  readonly format: string;
  /** False with `--no-programs`: programs are not searched for Go build information. */
  readonly programs: boolean;
}

/**
 * `exhume packages IMAGE`: lists the packages in all layers, and the layers that added, changed and removed each.
 * @throws Problem `usage` for an unknown format
 */
export async function packages(
  name: string | undefined,
  options: PackagesOptions,
  context: CommandContext,
): Promise<void> {
  const format = options.json === true ? 'json' : options.format.toLowerCase();
  if (format !== 'table' && format !== 'json' && format !== 'cyclonedx') {
    throw new Problem('usage', `--format ${options.format}: unknown format; use table, json, cyclonedx`);
  }
  const { origins, stacked } = await openForCommand(name, options, context);
  const found = await findPackages(stacked, { programs: options.programs, signal: context.signal });
  for (const { path, reason } of found.unread) notice(context, options.quiet, `warning: ${path}: ${reason}`);
  const facts = packageFacts(found, origins);
  const changed = format === 'cyclonedx' ? [] : await changedFiles(stacked, context.signal);
  const { distribution, unread } = found;
  const image = imageFacts(stacked);
  const incomplete = incompleteOf(stacked);
  if (format === 'json') {
    const head = {
      schema: 'exhume/packages/1',
      image,
      incomplete,
      distribution,
      unread,
      changedFiles: changed,
    };
    await writeJson(context.stdout, head, { name: 'packages', items: facts });
    return;
  }
  if (format === 'cyclonedx') {
    // Loaded on demand: the library takes longer to load than a small image takes to read.
    const { cyclonedx } = await import('../report/formats/cyclonedx.ts');
    const subject = {
      name: image.names[0] ?? image.source,
      id: image.id,
      distribution,
      version: VERSION,
      incomplete,
    };
    await write(context.stdout, `${cyclonedx(subject, facts)}\n`);
    return;
  }
  const width = context.stdout.isTTY ? context.stdout.columns : undefined;
  await writeLines(context.stdout, textLines(facts, changed, width));
  const lines = completenessLines(completenessOf(stacked, options.allowIncomplete === true));
  await writeLines(context.stdout, lines);
}

function* textLines(
  facts: readonly PackageFacts[],
  changed: readonly ChangedFile[],
  width: number | undefined,
): Generator<string> {
  if (facts.length === 0) yield 'no packages: no database of dpkg, apk, npm, pip, gem or Go was found';
  else yield* packageLines(facts, width);
  if (changed.length === 0) return;
  yield '';
  yield 'package files changed by a later layer:';
  yield* changedLines(changed, width);
}
