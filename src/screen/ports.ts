import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Case, decisionsOf } from '../case/case.ts';
import { type FlagSources, wrongPlace } from '../case/flag-findings.ts';
import {
  EVIDENCE_FILE,
  type EvidenceRecord,
  extractEvidence,
  missingItems,
  writtenCount,
} from '../case/evidence.ts';
import type { InputFile } from '../case/output-target.ts';
import type { HistoryAlignment } from '../history/align.ts';
import { instructionOfLayer } from '../history/align.ts';
import { eventsBelow } from '../ledger/events-below.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import { decodeName } from '../text/escape.ts';
import type { ExtractPlace, Ports } from '../tui/effects.ts';
import { VERSION } from '../session/version.ts';
import { copyText } from './clipboard.ts';
import { loadPreview } from './load-preview.ts';
import type { ScreenCase } from './screen-case.ts';
import type { Surroundings } from './surroundings.ts';
import { viewContent } from './viewer.ts';

/** The image as far as it has been read. */
export interface OpenScreen {
  readonly stacked: () => StackedImage | null;
  readonly history: () => HistoryAlignment | null;
  readonly masker: Masker;
}

/** What the ports need to work with the case and to write files. */
export interface ScreenKeeping {
  readonly held: ScreenCase;
  /** What places flags in the image; null while the image is being read. */
  readonly sources: () => FlagSources | null;
  /** sha256 of the input file, hexadecimal; null if the input is not a single file. */
  readonly hashInput: () => Promise<string | null>;
  /** Input files, which the screen must not write. */
  readonly inputs: readonly InputFile[];
  /** Writes the report, with the decisions of the case; returns a message and the format. */
  readonly exportReport: (
    file: string,
    held: Case | null,
  ) => Promise<{ readonly text: string; readonly format: string }>;
}

/** The surroundings that the ports need. */
type PortSurroundings = Omit<Surroundings, 'stdin'>;

/** Returns the ports of the screen. */
export function screenPorts(open: OpenScreen, context: PortSurroundings, keeping: ScreenKeeping): Ports {
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
      const { format, text } = await keeping.exportReport(file, held.read());
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
      // The program masks nothing; log it before it is shown.
      held.log({ action: 'revealed', finding: `${whole} of layer ${layer}, all of it, in the ${viewer}` });
      await viewContent(
        viewer,
        {
          extent: image.layers[layer]!.blob!,
          headerOffset: ledger.entriesOf(layer).headerOffset(entry),
          name,
        },
        context.env,
      );
      return viewer === 'editor' ? 'the copy was removed; the image is unchanged' : '';
    },
    preview: async (request) => {
      const stacked = opened(open);
      const name = decodeName(stacked.ledger.paths.path(request.content.path)).text;
      const { layer } = request.content;
      // Log the content before it is shown.
      if (request.reveal !== null) {
        held.log({ action: 'revealed', finding: `${name} of layer ${layer}, byte ${request.reveal}` });
      } else if (request.offset === 0) held.log({ action: 'viewed', path: name, layer });
      return loadPreview(stacked, request, open.masker, context.signal);
    },
    keepRules: async (file, findings) => {
      const kept = held.read();
      if (kept === null) throw new Error('no decided finding to keep as a rule');
      const { keepRules } = await import('../session/keep-rules.ts');
      return keepRules(file, decisionsOf(kept).values(), findings, keeping.inputs);
    },
    freeFolder,
    extract: async (places, folder) => {
      // Check the case first: an extraction that cannot be logged must not happen.
      held.read();
      const record = await extractInto(folder, open, keeping, places, context);
      const written = writtenCount(record);
      const missing = missingItems(record).length;
      held.log({ action: 'extracted', folder, files: written });
      const text = `${written} ${written === 1 ? 'file' : 'files'} in ${directoryText(folder)}`;
      return missing === 0 ? text : `${text}; ${missing} missing or truncated: see ${EVIDENCE_FILE}`;
    },
  };
}

function opened(open: OpenScreen): StackedImage {
  const stacked = open.stacked();
  if (stacked === null) throw new Error('the image is not open yet');
  return stacked;
}

async function extractInto(
  folder: string,
  open: OpenScreen,
  { hashInput }: ScreenKeeping,
  places: readonly ExtractPlace[],
  { signal }: PortSurroundings,
): Promise<EvidenceRecord> {
  const stacked = opened(open);
  const history = open.history();
  const started = new Date().toISOString();
  const { ledger } = stacked;
  const events = [...new Set(places.flatMap(({ layer, path: id }) => eventsBelow(ledger, id, layer)))];
  return extractEvidence(
    stacked,
    events,
    folder,
    {
      tool: `exhume ${VERSION}`,
      started,
      inputBefore: await hashInput(),
      inputAfter: hashInput,
      instruction: (index) => (history === null ? '' : open.masker.mask(instructionOfLayer(history, index))),
    },
    signal,
  );
}

/** Returns a directory that does not exist yet: the one named, or the same with a number: `NAME-2`, `NAME-3`, … */
function freeFolder(folder: string): string {
  for (let n = 1; ; n++) {
    const free = n === 1 ? folder : `${folder}-${n}`;
    if (!existsSync(free)) return free;
  }
}

/** Returns a directory as `./NAME/`, so that a name with a dot is not mistaken for a file. */
function directoryText(folder: string): string {
  const isPlain = !path.isAbsolute(folder) && !/^\.{1,2}(?:\/|$)/.test(folder);
  return `${isPlain ? './' : ''}${folder}${folder.endsWith('/') ? '' : '/'}`;
}
