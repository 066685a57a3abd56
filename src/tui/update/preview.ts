import { resolveContent } from '../../ledger/resolve.ts';
import type { ContentRef, Effect } from '../effects.ts';
import { EMPTY_LINE } from '../line-edit.ts';
import type { Model } from '../model.ts';
import type { Overlay } from '../overlay.ts';
import { type Preview, PREVIEW_WINDOW, type PreviewMode } from '../preview.ts';
import { overlaySize } from '../selectors/layout.ts';
import { moveHandlers, movedCursor } from './list-move.ts';
import { closed, withTop } from './overlays.ts';
import { type Handlers, type Step, step, told } from './step.ts';

type PreviewOverlay = Extract<Overlay, { kind: 'preview' }>;

/** Keys over a preview. */
export const preview: Handlers = {
  ...moveHandlers((model, move) => {
    const overlay = top(model);
    const page = previewRows(model);
    const most = Math.max(1, (overlay.preview?.lines.length ?? 0) - page + 1);
    return withTop(model, { ...overlay, top: movedCursor(overlay.top, move, most, page) });
  }),
  back: { run: (model) => step(closed(model)) },
  'preview-hex': { run: (model) => asked(model, (shown) => (shown.mode === 'hex' ? 'text' : 'hex')) },
  'preview-diff': { run: (model) => asked(model, (shown) => (shown.mode === 'diff' ? 'auto' : 'diff')) },
  'preview-reveal': { run: revealed },
  'preview-wrap': { run: (model) => step(withTop(model, { ...top(model), wrap: !top(model).wrap })) },
  'preview-next': { run: (model) => piece(model, 1) },
  'preview-back': { run: (model) => piece(model, -1) },
  'ask-search': {
    run: (model) =>
      step({
        ...model,
        overlays: [...model.overlays, { kind: 'prompt', ask: 'search', line: EMPTY_LINE, error: null }],
      }),
  },
  'next-match': { run: (model) => step(matched(model, 1)) },
  'previous-match': { run: (model) => step(matched(model, -1)) },
};

/** Rows of a preview that hold content; the last one of the frame tells where one is. */
export function previewRows(model: Model): number {
  return overlaySize(model.size).rows - 1;
}

/** Opens the preview of a file. */
export function openPreview(model: Model, content: ContentRef): Step {
  const overlay: Overlay = { kind: 'preview', preview: null, top: 0, wrap: false, search: '' };
  return [{ ...model, overlays: [...model.overlays, overlay] }, [request(content, 'auto')]];
}

/** The model with a preview that has been read; one that is no longer wanted is let go. */
export function withPreview(model: Model, read: Preview): Model {
  const at = model.overlays.findIndex(({ kind }) => kind === 'preview');
  const overlay = model.overlays[at];
  if (overlay?.kind !== 'preview') return model;
  return { ...model, overlays: model.overlays.with(at, { ...overlay, preview: read, top: 0 }) };
}

/** The model with a text searched for in the preview, at its first match. */
export function withSearch(model: Model, search: string): Model {
  const overlay = model.overlays.at(-1);
  if (overlay?.kind !== 'preview') return model;
  return matched(withTop(model, { ...overlay, search, top: Math.max(-1, overlay.top - 1) }), 1);
}

function top(model: Model): PreviewOverlay {
  return model.overlays.at(-1) as PreviewOverlay;
}

function request(
  content: ContentRef,
  mode: PreviewMode | 'auto',
  from: { readonly offset: number; readonly firstLine: number } = { offset: 0, firstLine: 1 },
  before: ContentRef | null = null,
  reveal = false,
): Effect {
  return { type: 'preview', request: { content, mode, before, reveal, ...from } };
}

function asked(model: Model, modeOf: (shown: Preview) => PreviewMode | 'auto'): Step {
  const overlay = top(model);
  if (overlay.preview === null) return step(model);
  const { content } = overlay.preview;
  const mode = modeOf(overlay.preview);
  const before = mode === 'diff' ? generationBefore(model, content) : null;
  return [
    withTop(model, { ...overlay, preview: null }),
    [request(content, mode, undefined, before, overlay.preview.revealed)],
  ];
}

/** Shows what is covered, or covers it again: by a key of its own, never by the way. */
function revealed(model: Model): Step {
  const overlay = top(model);
  const shown = overlay.preview;
  if (shown === null || (shown.covered === 0 && !shown.revealed)) {
    return step(told(model, 'nothing is covered here'));
  }
  const { content, firstLine, mode, offset } = shown;
  const before = mode === 'diff' ? generationBefore(model, content) : null;
  const asks = request(content, mode, { offset, firstLine }, before, !shown.revealed);
  return [withTop(model, { ...overlay, preview: null }), [asks]];
}

/** The file's content in the newest layer below, hard and symbolic links followed; null where there is none. */
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
  if (offset < 0 || (by === 1 && !shown.more)) return step(told(model, 'there is no more in that direction'));
  // Line numbers are known forwards only; backwards the first piece is where they begin again.
  const firstLine = by === 1 ? shown.firstLine + shown.lines.length - 1 : 1;
  const target = by === -1 ? { offset: 0, firstLine: 1 } : { offset, firstLine };
  return [
    withTop(model, { ...overlay, preview: null }),
    [request(shown.content, shown.mode, target, null, shown.revealed)],
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
  return told(withTop(model, { ...overlay, top: Math.max(0, overlay.top) }), 'not found in what is shown');
}
