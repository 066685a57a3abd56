import type { Action } from './actions.ts';
import type { CommandName } from './commands.ts';
import { viewContexts } from './contexts.ts';
import type { Retest } from '../retest/verify.ts';
import type { Model } from './model.ts';
import type { OverlayKind } from './overlay.ts';
import { withMatches, withStacked } from './update/arrivals.ts';
import { withCase } from './update/case-commands.ts';
import { withExtractPrompt } from './update/extract.ts';
import { withFindings } from './update/findings-view.ts';
import { withPath } from './update/go.ts';
import { help } from './update/help.ts';
import { images, imagesTyped } from './update/images.ts';
import { jump, jumpTyped, withFound } from './update/jump.ts';
import { layersPane } from './update/layers-pane.ts';
import { moused } from './update/mouse.ts';
import { withText } from './update/overlays.ts';
import { palette, paletteTyped } from './update/palette.ts';
import { preview, withPreview } from './update/preview.ts';
import { program } from './update/program.ts';
import { prompt, promptTyped } from './update/prompt.ts';
import { settled } from './update/settle.ts';
import { showMenu } from './update/show-menu.ts';
import { type Handlers, type Step, step, told } from './update/step.ts';
import { trackPane } from './update/track-pane.ts';
import { treePane } from './update/tree-pane.ts';
import { paletteEntries } from './palette-entries.ts';
import { unavailableText } from './unavailable.ts';
import { isAvailable, viewHandler } from './view-handlers.ts';

/** The commands of each overlay. */
const OVERLAY_HANDLERS: Readonly<Record<OverlayKind, Handlers>> = {
  help,
  palette: palette(paletteEntries, runInView),
  images,
  jump,
  prompt,
  menu: showMenu,
  preview,
};

/** Reports whether a command can run in the topmost overlay. */
export function isAvailableOver(model: Model, overlay: OverlayKind, command: CommandName): boolean {
  return OVERLAY_HANDLERS[overlay][command]?.when?.(model) ?? true;
}

/** Called after the line of an overlay has changed. */
const FOLLOW: Readonly<Partial<Record<OverlayKind, (model: Model) => Step>>> = {
  palette: paletteTyped,
  images: imagesTyped,
  jump: jumpTyped,
  prompt: promptTyped,
};

/**
 * Returns the next model and the effects to perform. Pure.
 */
export function update(model: Model, action: Action): Step {
  const [next, effects] = apply(model, action);
  return next === model ? [model, effects] : [settled(next, model), effects];
}

function apply(model: Model, action: Action): Step {
  switch (action.type) {
    case 'command':
      // If the user acts before the saved position is restored, drop the saved position.
      return run({ ...model, message: null, kept: null }, action.command);
    case 'text': {
      const follow = FOLLOW[model.overlays.at(-1)?.kind ?? 'help'];
      return follow === undefined ? step(model) : withText(model, action.text, follow);
    }
    case 'mouse':
      return moused(model, action, { layers: layersPane, tree: treePane, track: trackPane }, run);
    case 'resize':
      return step({ ...model, size: action.size });
    case 'look':
      return step({ ...model, look: { ...model.look, ...action.look } });
    case 'stacked':
      return withStacked(model, action.stacked, action.history);
    case 'failed':
      return step({ ...model, failure: action.message, message: { kind: 'error', text: action.message } });
    case 'counts':
      return step({ ...model, counts: { ...model.counts, ...action.counts } });
    case 'findings':
      return step(withFindings(model, action));
    case 'case':
      return step(withCase(model, action.held, action.text));
    case 'retest':
      return step(withRetest(model, action.retest));
    case 'filtered':
      return step(withMatches(model, action.filter, action.matches));
    case 'found':
      return step(withFound(model, action));
    case 'previewed':
      return step(withPreview(model, action.preview));
    case 'goto':
      return step(withPath(model, action.path, action.layer));
    case 'ask-extract':
      return step(withExtractPrompt(model, action));
    case 'told':
      return step({ ...model, message: action.message });
  }
}

/** Switches to the Retest view unless the user has already navigated away. */
function withRetest(model: Model, retest: Retest): Model {
  const { moved, new: fresh, persisting } = retest.counts;
  const counts = { ...model.counts, retest: persisting + moved + fresh };
  const isAway = model.view !== 'layers' || model.overlays.length > 0;
  return { ...model, retest, counts, view: isAway ? model.view : 'retest' };
}

function run(model: Model, command: CommandName): Step {
  const overlay = model.overlays.at(-1);
  if (overlay === undefined) return runInView(model, command);
  // The only global command that works in an overlay, too.
  const handlers = command === 'suspend' ? program : OVERLAY_HANDLERS[overlay.kind];
  return handlers[command]?.run(model) ?? step(model);
}

function runInView(model: Model, command: CommandName): Step {
  const contexts = viewContexts(model);
  const handler = viewHandler(contexts, command);
  if (handler === null) return step(told(model, unavailableText(command)));
  if (isAvailable(model, contexts, command)) return handler.run(model);
  // People press Esc to be sure: it stays silent if there is nothing to leave.
  return step(command === 'back' ? model : told(model, unavailableText(command)));
}
