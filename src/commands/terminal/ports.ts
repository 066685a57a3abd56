import { existsSync } from 'node:fs';
import path from 'node:path';
import { decisionsOf } from '../../case/case.ts';
import { type FlagSources, wrongPlace } from '../../case/flag-findings.ts';
import { prepareFolder, writeEvidence, writeRecord } from '../../case/evidence.ts';
import { safeSegment } from '../../case/safe-name.ts';
import type { HistoryAlignment } from '../../history/align.ts';
import { instructionOfLayer } from '../../history/align.ts';
import { incompleteOf } from '../../ledger/incomplete.ts';
import type { StackedImage } from '../../ledger/stacked-image.ts';
import { decodeName } from '../../text/escape.ts';
import type { ExtractPlace, Ports } from '../../tui/effects.ts';
import type { CommandContext } from '../context.ts';
import { eventsBelow } from '../extract.ts';
import { VERSION } from '../version.ts';
import { copyText } from './clipboard.ts';
import { loadPreview } from './load-preview.ts';
import type { ScreenCase } from './screen-case.ts';
import { viewContent } from './viewer.ts';

/** The image as it is at the moment: layers may still be arriving. */
export interface OpenScreen {
  readonly stacked: () => StackedImage | null;
  readonly history: () => HistoryAlignment | null;
}

/** What goes into the case of the image, and what comes out of it. */
export interface ScreenKeeping {
  readonly held: ScreenCase;
  /** What is needed to tell where flags stand; null while the image is being read. */
  readonly sources: () => FlagSources | null;
  /** sha256 of the file that is read, hexadecimal; null where there is no single one. */
  readonly hashInput: () => Promise<string | null>;
  /** Writes the report; gives a line that says so, and the format. */
  readonly exportReport: (file: string) => Promise<{ readonly text: string; readonly format: string }>;
}

/** What the screen can ask of the world outside. */
export function screenPorts(open: OpenScreen, context: CommandContext, keeping: ScreenKeeping): Ports {
  const { held } = keeping;
  return {
    changeCase: async (change) => {
      const sources = keeping.sources();
      if (sources === null) throw new Error('the image is still being read');
      const wrong = change.kind === 'flag' ? wrongPlace(change.place, sources) : null;
      if (wrong !== null) throw new Error(wrong);
      const text = held.change(change);
      return { held: held.view(sources), text };
    },
    exportReport: async (file) => {
      const { format, text } = await keeping.exportReport(file);
      held.log({ action: 'exported', file, format });
      return text;
    },
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
      const whole = decodeName(ledger.paths.path(id)).text;
      // Nothing is covered there; what comes into sight stands in the log before it is seen.
      held.log({ action: 'revealed', finding: `${whole} of layer ${layer}, all of it, in the ${viewer}` });
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
    preview: async (request) => {
      const stacked = opened(open);
      const name = decodeName(stacked.ledger.paths.path(request.content.path)).text;
      const { layer } = request.content;
      // What comes into sight stands in the log before it is seen.
      if (request.reveal !== null) {
        held.log({ action: 'revealed', finding: `${name} of layer ${layer}, byte ${request.reveal}` });
      } else if (request.offset === 0) held.log({ action: 'viewed', path: name, layer });
      return loadPreview(stacked, request, context.signal);
    },
    keepRules: async (file, findings) => {
      if (held.held === null) throw new Error('there is no case yet: nothing was decided');
      const { keepRules } = await import('../keep-rules.ts');
      return keepRules(file, decisionsOf(held.held).values(), findings);
    },
    extract: async (places) => {
      const { folder, written } = await extractInto(open, keeping, places, context);
      held.log({ action: 'extracted', folder, files: written });
      return `${written} ${written === 1 ? 'file' : 'files'} written to ${folder}`;
    },
  };
}

function opened(open: OpenScreen): StackedImage {
  const stacked = open.stacked();
  if (stacked === null) throw new Error('the image is not open yet');
  return stacked;
}

async function extractInto(
  open: OpenScreen,
  { hashInput }: ScreenKeeping,
  places: readonly ExtractPlace[],
  context: CommandContext,
): Promise<{ readonly folder: string; readonly written: number }> {
  const stacked = opened(open);
  const history = open.history();
  const started = new Date().toISOString();
  const { ledger } = stacked;
  const [first, ...more] = new Set(places.map((place) => place.path));
  const name =
    more.length > 0 ? 'evidence' : safeSegment(decodeName(ledger.paths.name(first!)).text) || 'root';
  const folder = freeFolder(name);
  const inputBefore = await hashInput();
  const events = [...new Set(places.flatMap(({ layer, path: id }) => eventsBelow(ledger, id, layer)))];
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
    inputBefore,
    inputAfter: await hashInput(),
    incomplete: incompleteOf(stacked),
    items,
  });
  const written = items.filter((item) => item.file !== null).length;
  return { folder, written };
}

/** A folder in the working folder that is not there yet: `exhume-NAME`, `exhume-NAME-2`, … */
function freeFolder(name: string): string {
  for (let n = 1; ; n++) {
    const folder = path.join('.', `exhume-${name.slice(0, 100)}${n === 1 ? '' : `-${n}`}`);
    if (!existsSync(folder)) return folder;
  }
}
