import { incompleteOf } from '../ledger/incomplete.ts';
import { escapeText } from '../text/escape.ts';
import { formatTable } from '../text/table.ts';
import { humanSize } from '../text/size.ts';
import { historyFacts, imageFacts, layerFacts } from '../report/image-facts.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { openForCommand } from './open-for-command.ts';
import { writeJson, writeLines } from './output.ts';

/** Formats an RFC 3339 time without fraction and zone. Escapes it, because an image may have any text there. */
function createdText(created: string | null): string {
  return created === null ? '-' : escapeText(created.slice(0, 19).replace('T', ' '));
}

/** `exhume history IMAGE`: lists the history entries, each with the layer that it created. */
export async function history(
  name: string | undefined,
  options: CommonOptions,
  context: CommandContext,
): Promise<void> {
  const opened = await openForCommand(name, options, context);
  const layers = layerFacts(opened.stacked, opened.history, opened.origins, opened.masker);
  const entries = historyFacts(opened.history, opened.masker);
  if (options.json) {
    await writeJson(
      context.stdout,
      {
        schema: 'exhume/history/1',
        image: imageFacts(opened.stacked),
        aligned: opened.history.aligned,
        layers,
        incomplete: incompleteOf(opened.stacked),
      },
      { name: 'history', items: entries },
    );
    return;
  }
  const rows = entries.map((entry) => {
    const layer = entry.layer === null ? null : layers[entry.layer];
    return [
      String(entry.index),
      entry.layer === null ? '.' : String(entry.layer),
      createdText(entry.created),
      layer?.size == null ? '-' : humanSize(layer.size),
      escapeText(entry.instruction),
    ];
  });
  const header = ['#', 'layer', 'created', 'size', 'instruction'];
  await writeLines(
    context.stdout,
    formatTable(rows, {
      header,
      align: ['right', 'right', 'left', 'right', 'left'],
      ...(context.stdout.isTTY ? { maxWidth: context.stdout.columns } : {}),
    }),
  );
}
