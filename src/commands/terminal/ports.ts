import { existsSync } from 'node:fs';
import path from 'node:path';
import { prepareFolder, writeEvidence, writeRecord } from '../../case/evidence.ts';
import { safeSegment } from '../../case/safe-name.ts';
import type { HistoryAlignment } from '../../history/align.ts';
import { instructionOfLayer } from '../../history/align.ts';
import type { StackedImage } from '../../ledger/stacked-image.ts';
import { decodeName } from '../../text/escape.ts';
import type { Ports } from '../../tui/effects.ts';
import type { CommandContext } from '../context.ts';
import { eventsBelow } from '../extract.ts';
import { VERSION } from '../version.ts';
import { copyText } from './clipboard.ts';
import { loadPreview } from './load-preview.ts';
import { viewContent } from './viewer.ts';

/** The image as it is at the moment: layers may still be arriving. */
export interface OpenScreen {
  readonly stacked: () => StackedImage | null;
  readonly history: () => HistoryAlignment | null;
}

/** What the screen can ask of the world outside. */
export function screenPorts(open: OpenScreen, context: CommandContext): Ports {
  return {
    copy: async (text, what) => {
      const copied = await copyText(text, context.stdout, context.env);
      switch (copied) {
        case 'tool':
          return `${what} copied`;
        case 'terminal':
          return `${what} sent to the terminal's clipboard: ${text}`;
        case 'too-long':
          throw new Error(`the ${what} is too long for the terminal's clipboard`);
        case 'nowhere':
          throw new Error(`no clipboard here: ${text}`);
      }
    },
    view: async (viewer, { layer, entry, path: id }) => {
      const { image, ledger } = opened(open);
      const name = decodeName(ledger.paths.name(id)).text;
      await viewContent(
        viewer,
        {
          extent: image.layers[layer]!.blob!,
          headerOffset: ledger.layers[layer]!.columns.headerBlock[entry]! * 512,
          name,
        },
        context.env,
      );
      return viewer === 'editor' ? 'the copy is gone; the image is as it was' : '';
    },
    preview: (request) => loadPreview(opened(open), request, context.signal),
    extract: async (id, layer) => extractInto(open, id, layer, context),
  };
}

function opened(open: OpenScreen): StackedImage {
  const stacked = open.stacked();
  if (stacked === null) throw new Error('the image is not open yet');
  return stacked;
}

async function extractInto(
  open: OpenScreen,
  id: number,
  layer: number | null,
  context: CommandContext,
): Promise<string> {
  const stacked = opened(open);
  const history = open.history();
  const started = new Date().toISOString();
  const folder = freeFolder(safeSegment(decodeName(stacked.ledger.paths.name(id)).text) || 'root');
  const events = eventsBelow(stacked.ledger, id, layer);
  prepareFolder(folder);
  const items = await writeEvidence(
    stacked,
    events,
    folder,
    (index) => (history === null ? '' : instructionOfLayer(history, index)),
    context.signal,
  );
  writeRecord(folder, {
    schema: 'exhume/evidence/1',
    tool: `exhume ${VERSION}`,
    commandLine: process.argv.slice(2),
    started,
    finished: new Date().toISOString(),
    source: stacked.image.source,
    imageId: stacked.image.id,
    manifestDigest: stacked.image.manifestDigest,
    inputBefore: null,
    inputAfter: null,
    items,
  });
  const written = items.filter((item) => item.file !== null).length;
  return `${written} ${written === 1 ? 'file' : 'files'} written to ${folder}`;
}

/** A folder in the working folder that is not there yet: `exhume-NAME`, `exhume-NAME-2`, … */
function freeFolder(name: string): string {
  for (let n = 1; ; n++) {
    const folder = path.join('.', `exhume-${name.slice(0, 100)}${n === 1 ? '' : `-${n}`}`);
    if (!existsSync(folder)) return folder;
  }
}
