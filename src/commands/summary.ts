import { countFindings, type FindingCounts } from '../finding/finding.ts';
import { incompleteOf } from '../ledger/incomplete.ts';
import { completenessLines, completenessOf } from '../report/completeness.ts';
import { baseText } from '../report/base-text.ts';
import { platformText } from '../image/platform.ts';
import { countDeletedFiles } from '../ledger/deleted-files.ts';
import { setuidTimeline } from '../ledger/setuid.ts';
import {
  type ImageFacts,
  type LayerFacts,
  digestTally,
  digestText,
  historyFacts,
  imageFacts,
  layerFacts,
} from '../report/image-facts.ts';
import { countText } from '../report/finding-lines.ts';
import { escapeText } from '../text/escape.ts';
import { quantity } from '../text/quantity.ts';
import { exactSize, humanSize } from '../text/size.ts';
import { formatTable } from '../text/table.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import type { Session } from '../session/session.ts';
import { commandListener, openForCommand } from './open-for-command.ts';
import { prepareSearch } from '../session/searching.ts';
import { writeJson, writeLines } from './output.ts';

/** The `counts` object of a summary. */
interface Counts {
  readonly changes: { readonly added: number; readonly modified: number; readonly deleted: number };
  readonly deletedRecoverable: { readonly paths: number; readonly bytes: number };
  readonly shadowedGenerations: { readonly count: number; readonly bytes: number };
  readonly setuid: { readonly ever: number; readonly final: number };
  /** Null with `--no-verify`: the image was not scanned. */
  readonly findings: FindingCounts | null;
}

/** `exhume summary IMAGE`: prints identity, layers and counts. */
export async function summary(
  name: string | undefined,
  options: CommonOptions,
  context: CommandContext,
): Promise<void> {
  await printSummary(await readSummarised(name, options, context), options, context);
}

/** Opens and reads the image for a summary. */
export async function readSummarised(
  name: string | undefined,
  options: CommonOptions,
  context: CommandContext,
): Promise<Session> {
  const searching = options.verify
    ? await prepareSearch(options, commandListener(options, context))
    : undefined;
  return openForCommand(name, options, context, { searching });
}

/** Prints the summary of an open image. */
export async function printSummary(
  opened: Session,
  options: CommonOptions,
  context: CommandContext,
): Promise<void> {
  // Users of --no-verify want an answer before the contents are read.
  const findings = options.verify
    ? countFindings(await (await import('../session/find-all.ts')).findAll(opened))
    : null;
  const image = imageFacts(opened.stacked);
  const layers = layerFacts(opened.stacked, opened.history, opened.origins, opened.masker);
  const counts = countAll(opened, layers, findings);
  if (options.json) {
    await writeJson(context.stdout, {
      schema: 'exhume/summary/2',
      image,
      base: opened.base,
      layers,
      incomplete: incompleteOf(opened.stacked),
      history: historyFacts(opened.history, opened.masker),
      counts,
      warnings: opened.stacked.warnings,
    });
    return;
  }
  await writeLines(context.stdout, summaryLines(opened, image, layers, counts, context.stdout.columns));
  const lines = completenessLines(completenessOf(opened.stacked, options.allowIncomplete === true));
  await writeLines(context.stdout, lines);
}

function countAll(opened: Session, layers: readonly LayerFacts[], findings: FindingCounts | null): Counts {
  const { ledger } = opened.stacked;
  const deletedFiles = countDeletedFiles(ledger);
  const setuid = setuidTimeline(ledger);
  const sum = (pick: (layer: LayerFacts) => number): number =>
    layers.reduce((total, layer) => total + pick(layer), 0);
  return {
    changes: {
      added: sum((layer) => layer.added),
      modified: sum((layer) => layer.modified),
      deleted: sum((layer) => layer.deleted),
    },
    deletedRecoverable: { paths: deletedFiles.deletedPaths, bytes: deletedFiles.deletedBytes },
    shadowedGenerations: { count: deletedFiles.shadowedGenerations, bytes: deletedFiles.shadowedBytes },
    setuid: { ever: setuid.ever, final: setuid.final },
    findings,
  };
}

function* summaryLines(
  opened: Session,
  image: ImageFacts,
  layers: readonly LayerFacts[],
  counts: Counts,
  width: number | undefined,
): Generator<string> {
  const { stacked } = opened;
  const tally = digestTally(stacked);
  const field = (label: string, value: string): string => `${label.padEnd(13)}${value}`;
  yield field('image', escapeText(image.names.length > 0 ? image.names.join(', ') : '(no name)'));
  yield field('source', `${escapeText(image.source)} (${image.form})`);
  yield field('id', image.id);
  if (image.manifestDigest !== null) yield field('manifest', image.manifestDigest);
  if (opened.base.length > 0) yield field('base', escapeText(baseText(opened.base)));
  yield field('platform', escapeText(platformText(stacked.image.platform)));
  yield field('created', escapeText(image.created ?? 'not recorded'));
  yield field(
    'size',
    `${humanSize(image.size)} (${exactSize(image.size)} bytes) in ${quantity(image.layers, 'layer')}`,
  );
  yield field('digests', tallyText(tally));
  yield field(
    'changes',
    `${counts.changes.added} added, ${counts.changes.modified} modified, ${counts.changes.deleted} deleted`,
  );
  yield field(
    'recoverable',
    `${quantity(counts.deletedRecoverable.paths, 'deleted path')} (${humanSize(counts.deletedRecoverable.bytes)}), ` +
      `${quantity(counts.shadowedGenerations.count, 'older generation')} (${humanSize(counts.shadowedGenerations.bytes)})`,
  );
  yield field('setuid', `${counts.setuid.ever} ever, ${counts.setuid.final} in the final tree`);
  if (counts.findings !== null) yield field('findings', `${countText(counts.findings)} (see exhume scan)`);
  yield '';
  const rows = layers.map((layer) => [
    String(layer.index),
    layer.status === 'indexed' ? humanSize(layer.size ?? 0) : layer.status,
    String(layer.added),
    String(layer.modified),
    String(layer.deleted),
    digestText(layer.diffId).replace('sha256:', ''),
    escapeText(layer.instruction) || '(no history entry)',
  ]);
  yield* formatTable(rows, {
    header: ['layer', 'size', '+', '~', '-', 'diffID', 'instruction'],
    align: ['right', 'right', 'right', 'right', 'right', 'left', 'left'],
    ...(width === undefined ? {} : { maxWidth: width }),
  });
}

function tallyText(tally: ReturnType<typeof digestTally>): string {
  if (tally.checked === 0) return 'not recomputed';
  const good = `${tally.matching} of ${tally.checked} recomputed and matching`;
  return tally.mismatches.length === 0 ? good : `${good}; MISMATCH: ${tally.mismatches.join(', ')}`;
}
