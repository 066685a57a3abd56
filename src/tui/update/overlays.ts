import { edited, type LineEdit, type LineKey, typed } from '../line-edit.ts';
import type { Model } from '../model.ts';
import type { Overlay } from '../overlay.ts';
import { type Handler, type Handlers, type Step, step } from './step.ts';

/** Closes the topmost overlay. */
export function closed(model: Model): Model {
  return { ...model, overlays: model.overlays.slice(0, -1) };
}

/** Replaces the topmost overlay. */
export function withTop(model: Model, overlay: Overlay): Model {
  return { ...model, overlays: [...model.overlays.slice(0, -1), overlay] };
}

const LINE_KEYS: readonly LineKey[] = [
  'left',
  'right',
  'home',
  'end',
  'backspace',
  'delete',
  'delete-word',
  'delete-line',
];

/**
 * Returns handlers for the editing keys of a line.
 * @param follow called after the line has changed
 */
export function lineHandlers(follow: (model: Model) => Step): Handlers {
  return Object.fromEntries(
    LINE_KEYS.map((key): [string, Handler] => [
      `line-${key}`,
      { run: (model) => withLine(model, (line) => edited(line, key), follow) },
    ]),
  );
}

/** Inserts text into the line of the topmost overlay. */
export function withText(model: Model, text: string, follow: (model: Model) => Step): Step {
  return withLine(model, (line) => typed(line, text), follow);
}

function withLine(model: Model, change: (line: LineEdit) => LineEdit, follow: (model: Model) => Step): Step {
  const top = model.overlays.at(-1);
  if (top === undefined || !('line' in top)) return step(model);
  const line = change(top.line);
  const next = withTop(model, { ...top, line });
  const isSame = line.before + line.after === top.line.before + top.line.after;
  return isSame ? step(next) : follow(next);
}
