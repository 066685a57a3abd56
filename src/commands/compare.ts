import { changedNames } from '../ledger/change.ts';
import { incompleteOf } from '../ledger/incomplete.ts';
import {
  type CompareFacts,
  compareLines,
  pathFacts,
  type RecoverableFacts,
} from '../report/compare-facts.ts';
import { completenessLines, completenessOf } from '../report/completeness.ts';
import { pathText } from '../text/path-text.ts';
import { imageFacts } from '../report/image-facts.ts';
import { configDifferences, findingDifferences, type PathDifference } from '../retest/compare.ts';
import type { Recoverable } from '../retest/compare-deleted.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { findAll } from '../session/find-all.ts';
import { compareFiles } from '../session/compare-files.ts';
import { commandListener, openForCommand } from './open-for-command.ts';
import { prepareSearch } from '../session/searching.ts';
import { writeJson, writeLines } from './output.ts';

/** `exhume compare A B`: prints shared layers and the differences in config, files and findings. */
export async function compare(
  nameA: string,
  nameB: string,
  options: CommonOptions,
  context: CommandContext,
): Promise<void> {
  const searching = await prepareSearch(options, commandListener(options, context));
  const a = await openForCommand(nameA, options, context, { searching });
  const b = await openForCommand(nameB, options, context, { searching });
  const { paths, recoverable, sharedLayers } = await compareFiles(a, b);
  const findings = findingDifferences(await findAll(a), await findAll(b));
  const mask = (text: string): string => a.masker.mask(text);
  const facts: CompareFacts = {
    a: imageFacts(a.stacked),
    b: imageFacts(b.stacked),
    incomplete: [
      ...incompleteOf(a.stacked).map((part) => ({ image: 'a' as const, ...part })),
      ...incompleteOf(b.stacked).map((part) => ({ image: 'b' as const, ...part })),
    ],
    sharedLayers,
    config: configDifferences(a.stacked.image.config.runtime, b.stacked.image.config.runtime).map(
      ({ a: one, b: other, field }) => ({ field, a: one.map(mask), b: other.map(mask) }),
    ),
    counts: {
      added: countOf(paths, 'added'),
      removed: countOf(paths, 'removed'),
      changed: countOf(paths, 'changed'),
      onlyA: findings.onlyA.length,
      onlyB: findings.onlyB.length,
      both: findings.both.length,
    },
    recoverable: {
      onlyA: recoverable.onlyA.map(deletedFileFacts),
      onlyB: recoverable.onlyB.map(deletedFileFacts),
      both: recoverable.both,
    },
    findings,
  };
  const files = paths.map((difference) =>
    pathFacts(difference, pathText(difference.path), changedNames(difference.changed)),
  );
  if (options.json) {
    await writeJson(
      context.stdout,
      { schema: 'exhume/compare/2', ...facts },
      { name: 'files', items: files },
    );
    return;
  }
  await writeLines(context.stdout, compareLines(facts, files));
  for (const [name, { stacked }] of [
    ['A', a],
    ['B', b],
  ] as const) {
    const lines = completenessLines(completenessOf(stacked, options.allowIncomplete === true));
    await writeLines(
      context.stdout,
      lines.map((line) => `${name}  ${line}`),
    );
  }
}

function deletedFileFacts({ path, ...deletedFile }: Recoverable): RecoverableFacts {
  return { path: pathText(path), ...deletedFile };
}

function countOf(paths: readonly PathDifference[], change: PathDifference['change']): number {
  return paths.filter((path) => path.change === change).length;
}
