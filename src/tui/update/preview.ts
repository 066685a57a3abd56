import { resolveContent } from '../../ledger/resolve.ts';
import { decodeName } from '../../text/escape.ts';
import type { Effect } from '../effects.ts';
import { EMPTY_LINE } from '../line-edit.ts';
import type { Model } from '../model.ts';
import type { Overlay } from '../overlay.ts';
import {
  type ContentRef,
  type Preview,
  PREVIEW_WINDOW,
  type PreviewMode,
  type PreviewRequest,
  type ByteRange,
} from '../preview.ts';
import { previewRows } from '../selectors/layout.ts';
import { moveHandlers, movedCursor } from './list-move.ts';
import { caseCommands } from './case-commands.ts';
import { closed, withTop } from './overlays.ts';
import { type Handlers, type Step, step, told } from './step.ts';

/** Bytes shown before a marked byte of a large file, and lines above a marked line. */
const LEAD = 4096;
const LINES_BEFORE = 3;

type PreviewOverlay = Extract<Overlay, { kind: 'preview' }>;

/** Commands of the preview. */
export const preview: Handlers = {
  'ask-flag': caseCommands['ask-flag']!,
  ...moveHandlers((model, move) => {
    const overlay = top(model);
    const page = previewRows(model);
    const most = Math.max(1, (overlay.preview?.lines.length ?? 0) - page + 1);
    return withTop(model, { ...overlay, top: movedCursor(overlay.top, move, most, page) });
  }),
  back: { run: (model) => step(closed(model)) },
  'preview-hex': { run: (model) => asked(model, (shown) => (shown.mode === 'hex' ? 'text' : 'hex')) },
  'preview-diff': { run: (model) => asked(model, (shown) => (shown.mode === 'diff' ? 'auto' : 'diff')) },
  'preview-wrap': { run: (model) => step(withTop(model, { ...top(model), wrap: !top(model).wrap })) },
  'preview-next': { run: (model) => piece(model, 1), when: (model) => top(model).preview?.more === true },
  'preview-back': { run: (model) => piece(model, -1) },
  'ask-search': {
    run: (model) =>
      step({
        ...model,
        overlays: [...model.overlays, { kind: 'prompt', ask: 'search', line: EMPTY_LINE, error: null }],
      }),
  },
  reveal: { run: (model) => step(askedWhich(model)), when: (model) => revealable(model).length > 0 },
  'next-match': { run: (model) => step(matched(model, 1)), when: (model) => top(model).search !== '' },
  'previous-match': { run: (model) => step(matched(model, -1)) },
};

/**
 * Opens the preview of a file.
 * @param at the byte whose line is marked, and that line's number where it is known
 */
export function openPreview(model: Model, content: ContentRef, at: PreviewRequest['at'] = null): Step {
  const overlay: Overlay = { kind: 'preview', preview: null, top: 0, wrap: false, search: '' };
  // Show some context before the marked byte.
  const offset = at === null || at.offset < PREVIEW_WINDOW ? 0 : at.offset - LEAD;
  return [{ ...model, overlays: [...model.overlays, overlay] }, [request(model, content, { offset, at })]];
}

/** Stores a preview that has been read; drops it if the overlay is closed. */
export function withPreview(model: Model, read: Preview): Model {
  const at = model.overlays.findIndex(({ kind }) => kind === 'preview');
  const overlay = model.overlays[at];
  if (overlay?.kind !== 'preview') return model;
  const first = read.marked === null ? 0 : Math.max(0, read.marked - LINES_BEFORE);
  return { ...model, overlays: model.overlays.with(at, { ...overlay, preview: read, top: first }) };
}

/** Searches for a text in the preview and goes to the first match. */
export function withSearch(model: Model, search: string): Model {
  const overlay = model.overlays.at(-1);
  if (overlay?.kind !== 'preview') return model;
  return matched(withTop(model, { ...overlay, search, top: Math.max(-1, overlay.top - 1) }), 1);
}

function top(model: Model): PreviewOverlay {
  return model.overlays.at(-1) as PreviewOverlay;
}

function request(model: Model, content: ContentRef, what: Partial<PreviewRequest> = {}): Effect {
  return {
    type: 'preview',
    request: {
      content,
      mode: 'auto',
      offset: 0,
      firstLine: 1,
      before: null,
      at: null,
      reveal: null,
      known: knownSecrets(model, content),
      ...what,
    },
  };
}

/** Returns the values that the scan found in this version of the file. */
function knownSecrets({ findings, stacked }: Model, { layer, path }: ContentRef): ByteRange[] {
  if (stacked === null || findings.list.length === 0) return [];
  const text = decodeName(stacked.ledger.paths.path(path)).text;
  return findings.list.flatMap(({ occurrences, valueLength }) =>
    occurrences.flatMap(({ where }) => {
      const isHere = where.surface === 'file' && where.layer === layer && where.path === text;
      if (!isHere || where.offset === null || valueLength === null || where.inside.length > 0) return [];
      return [{ offset: where.offset, length: valueLength }];
    }),
  );
}

/** Returns the values that can be revealed; only text and hex map bytes to lines. */
function revealable(model: Model): Preview['secrets'] {
  const overlay = model.overlays.at(-1);
  return overlay?.kind === 'preview' ? (overlay.preview?.secrets ?? []) : [];
}

/** Asks which value to reveal. Suggests the marked one, else the first visible one. */
function askedWhich(model: Model): Model {
  const secrets = revealable(model);
  const overlay = top(model);
  if (secrets.length === 0) {
    return told(model, 'no masked value to reveal here; switch to text or hex');
  }
  const marked = secrets.findIndex(({ line }) => line === overlay.preview?.marked);
  const inSight = secrets.findIndex(({ line }) => line >= overlay.top);
  const suggested = overlay.preview?.revealed != null ? 0 : Math.max(0, marked >= 0 ? marked : inSight) + 1;
  const line = { before: String(suggested), after: '' };
  const prompt: Overlay = {
    kind: 'prompt',
    ask: 'reveal',
    count: secrets.length,
    isRevealed: overlay.preview?.revealed != null,
    line,
    error: null,
  };
  return { ...model, overlays: [...model.overlays, prompt] };
}

/** Reveals the value of that number and masks all others; 0 masks all. */
export function revealedNumber(
  model: Model,
  prompt: Extract<Overlay, { kind: 'prompt' }>,
  text: string,
): Step {
  const before = closed(model);
  const secrets = revealable(before);
  const shown = top(before).preview;
  const number = Number(text);
  if (text === '' || shown === null) return step(before);
  if (!/^\d+$/.test(text) || number > secrets.length) {
    return step(withTop(model, { ...prompt, error: `type a number from 0 to ${secrets.length}` }));
  }
  const { content, firstLine, mode, offset } = shown;
  const wanted = secrets[number - 1] ?? secrets[shown.revealed ?? 0]!;
  const at = { offset: wanted.offset, line: null };
  const reveal = number === 0 ? null : wanted.offset;
  return [before, [request(before, content, { mode, offset, firstLine, at, reveal })]];
}

function asked(model: Model, modeOf: (shown: Preview) => PreviewMode | 'auto'): Step {
  const overlay = top(model);
  if (overlay.preview === null) return step(model);
  const { content } = overlay.preview;
  const mode = modeOf(overlay.preview);
  const before = mode === 'diff' ? generationBefore(model, content) : null;
  return [withTop(model, { ...overlay, preview: null }), [request(model, content, { mode, before })]];
}

/** Returns the file's content in the newest layer below, following hard and symbolic links; null if there is none. */
function generationBefore(model: Model, content: ContentRef): ContentRef | null {
  const ledger = model.stacked?.ledger;
  if (ledger === undefined) return null;
  const older = ledger
    .line(content.path)
    .findLast((event) => !ledger.isDeletion(event) && ledger.layerOf(event) < content.layer);
  if (older === undefined) return null;
  const resolution = resolveContent(ledger, older);
  return resolution.kind === 'file' ? resolution.place : null;
}

function piece(model: Model, by: 1 | -1): Step {
  const overlay = top(model);
  const shown = overlay.preview;
  if (shown === null || shown.mode === 'diff' || shown.mode === 'members') return step(model);
  const offset = shown.offset + by * PREVIEW_WINDOW;
  if (offset < 0 || (by === 1 && !shown.more)) return step(told(model, 'no more content in that direction'));
  // Line numbers are only known going forward, so going back starts over at the first part.
  const firstLine = by === 1 ? shown.firstLine + shown.lines.length - 1 : 1;
  const target = by === -1 ? { offset: 0, firstLine: 1 } : { offset, firstLine };
  return [
    withTop(model, { ...overlay, preview: null }),
    [request(model, shown.content, { mode: shown.mode, ...target })],
  ];
}

function matched(model: Model, by: 1 | -1): Model {
  const overlay = top(model);
  const lines = overlay.preview?.lines ?? [];
  const wanted = overlay.search.toLowerCase();
  if (wanted === '' || lines.length === 0) return model;
  for (let i = 1; i <= lines.length; i++) {
    const at = (((overlay.top + by * i) % lines.length) + lines.length) % lines.length;
    if (lines[at]!.text.toLowerCase().includes(wanted)) return withTop(model, { ...overlay, top: at });
  }
  return told(withTop(model, { ...overlay, top: Math.max(0, overlay.top) }), 'not found');
}
