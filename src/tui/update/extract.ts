import { eventsBelow } from '../../ledger/events-below.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { EntryType } from '../../tar/member.ts';
import { escapeBytes } from '../../text/escape.ts';
import type { ExtractPlace, ExtractRequest } from '../effects.ts';
import { lineText } from '../line-edit.ts';
import type { Model } from '../model.ts';
import type { Overlay } from '../overlay.ts';
import { closed, withTop } from './overlays.ts';
import { type Step, step, told } from './step.ts';

type ExtractPrompt = Extract<Overlay, { kind: 'prompt'; ask: 'extract' }>;

/** Asks before anything is written: extracted contents are not masked. */
export function asksToExtract(model: Model, places: readonly ExtractPlace[]): Step {
  const what = whatIs(model.stacked!.ledger, places);
  return [model, [{ type: 'ask-extract', places, what, folder: model.extractTo }]];
}

/** Opens the prompt that shows what would be extracted, and where. */
export function withExtractPrompt(model: Model, { folder, places, what }: ExtractRequest): Model {
  const prompt: ExtractPrompt = {
    kind: 'prompt',
    ask: 'extract',
    request: { folder, places, what },
    line: { before: folder, after: '' },
    error: null,
  };
  return { ...model, overlays: [...model.overlays, prompt] };
}

/** Extracts to the directory in the prompt. */
export function extractAccepted(model: Model, overlay: ExtractPrompt): Step {
  const folder = lineText(overlay.line).trim();
  if (folder === '') return step(withTop(model, { ...overlay, error: 'type a directory, or press esc' }));
  const { folder: proposed, places } = overlay.request;
  // Remember the name without the added number: numbering that again would give NAME-2-2.
  const extractTo = folder === proposed ? model.extractTo : folder;
  const next = told({ ...closed(model), extractTo }, `extracting to ${folder}`);
  return [next, [{ type: 'extract', places, folder }]];
}

function whatIs(ledger: Ledger, places: readonly ExtractPlace[]): string {
  const events = new Set(places.flatMap(({ layer, path }) => eventsBelow(ledger, path, layer)));
  const isFile = (event: number): boolean =>
    ledger.entriesOf(ledger.layerOf(event)).type(ledger.entryOf(event)) === EntryType.file;
  const count = [...events].filter(isFile).length;
  const files = count === 1 ? '1 file' : `${count} files`;
  const paths = new Set(places.map(({ path }) => path));
  const [only] = paths;
  return paths.size === 1 ? `${files} (${escapeBytes(ledger.paths.path(only!))})` : files;
}
