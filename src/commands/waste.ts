import { instructionOfLayer } from '../history/align.ts';
import { diveFigures } from '../ledger/dive.ts';
import { findWaste } from '../ledger/waste.ts';
import { incompleteOf } from '../ledger/incomplete.ts';
import { completenessLines, completenessOf } from '../report/completeness.ts';
import { pathText } from '../text/path-text.ts';
import { imageFacts } from '../report/image-facts.ts';
import { wasteAdvice } from '../report/waste-advice.ts';
import { escapeText } from '../text/escape.ts';
import { quantity } from '../text/quantity.ts';
import { exactSize, humanSize } from '../text/size.ts';
import { formatTable } from '../text/table.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { openForCommand } from './open-for-command.ts';
import { writeJson, writeLines } from './output.ts';

/** Maximum number of paths in the table; JSON has all. */
const MAX_LISTED = 25;

/** `exhume waste IMAGE`: lists wasted bytes by layer and by path, with dive's figures. */
export async function waste(
  name: string | undefined,
  options: CommonOptions,
  context: CommandContext,
): Promise<void> {
  const { history, masker, origins, stacked } = await openForCommand(name, options, context);
  const { ledger } = stacked;
  const { byLayer, byPath, bytes, total } = findWaste(ledger);
  const dive = diveFigures(ledger);
  const instruction = (layer: number): string => masker.mask(instructionOfLayer(history, layer));
  if (options.json) {
    const layers = byLayer.map((wasted, index) => ({
      index,
      bytes: wasted,
      instruction: instruction(index),
    }));
    const paths = byPath.map(({ bytes: wasted, generations, path }) => ({
      path: pathText(ledger.paths.path(path)),
      bytes: wasted,
      generations,
      layers: [...new Set(ledger.line(path).map((event) => ledger.layerOf(event)))],
    }));
    const incomplete = incompleteOf(stacked);
    const head = {
      schema: 'exhume/waste/1',
      image: imageFacts(stacked),
      incomplete,
      bytes,
      total,
      dive,
      layers,
    };
    await writeJson(context.stdout, head, { name: 'paths', items: paths });
    return;
  }
  const lines = [
    `${humanSize(bytes)} (${exactSize(bytes)} bytes) of ${humanSize(total)} are wasted: they are not visible in the container`,
    `dive: efficiency ${(dive.efficiency * 100).toFixed(4)} %, ${exactSize(dive.wastedBytes)} wasted bytes, user wasted ${(dive.userWastedPercent * 100).toFixed(4)} %`,
  ];
  const worst = byLayer.flatMap((wasted, index) =>
    wasted === 0 ? [] : [[String(index), humanSize(wasted), escapeText(instruction(index))]],
  );
  if (worst.length > 0) {
    const layers = formatTable(worst, {
      header: ['layer', 'bytes', 'introduced by'],
      align: ['right', 'right', 'left'],
    });
    const listed = byPath
      .slice(0, MAX_LISTED)
      .map(({ bytes: wasted, path }) => [
        humanSize(wasted),
        escapeText(pathText(ledger.paths.path(path))),
        escapeText(wasteAdvice(ledger, path, origins, instruction)),
      ]);
    const table = formatTable(listed, {
      header: ['bytes', 'path', 'what to do'],
      align: ['right', 'left', 'left'],
    });
    lines.push('', ...layers, '', ...table);
    if (byPath.length > MAX_LISTED) lines.push(`and ${quantity(byPath.length - MAX_LISTED, 'more path')}`);
  }
  lines.push(...completenessLines(completenessOf(stacked, options.allowIncomplete === true)));
  await writeLines(context.stdout, lines);
}
