import fuzzysort from 'fuzzysort';
import { engineName } from '../image/engines/engine.ts';
import type { LocalImage } from '../image/engines/image-lists.ts';
import type { EngineImages } from '../image/engines/local-images.ts';
import { escapeText } from '../text/escape.ts';

/** One row of the picker: an image of an engine or, always last, the demonstration image. */
export type PickRow =
  | {
      readonly kind: 'image';
      readonly image: LocalImage;
      /** Which UTF-16 units of `name:tag` the query matched. */
      readonly matched: readonly number[];
    }
  | { readonly kind: 'demo' };

/** The state of the picker of local images. */
export interface PickModel {
  /** The answers of the engines so far. */
  readonly answers: readonly EngineImages[];
  /** True until every engine has answered. */
  readonly asking: boolean;
  readonly query: string;
  /** Never empty: the last row is the demonstration image. */
  readonly rows: readonly PickRow[];
  readonly cursor: number;
  /** Rows of the screen. */
  readonly height: number;
  /** The first visible row of the list. */
  readonly top: number;
}

/** Screen rows above the list: the title, the query and the column titles. */
const ABOVE = 3;
/** Screen rows outside the list: those above it, an empty one and the keys. */
const AROUND = ABOVE + 2;

export type PickAction =
  | { readonly type: 'answered'; readonly answer: EngineImages }
  | { readonly type: 'all-answered' }
  | { readonly type: 'search'; readonly query: string }
  | { readonly type: 'move'; readonly by: number }
  | { readonly type: 'go'; readonly to: 'first' | 'last' }
  | { readonly type: 'resize'; readonly height: number };

const DEMO: PickRow = { kind: 'demo' };

/** The text of the demonstration row. */
export const DEMO_NAME = 'the built-in demonstration image';

/** Returns the picker before any engine has answered. */
export function startPick(): PickModel {
  return { answers: [], asking: true, query: '', rows: [DEMO], cursor: 0, height: 24, top: 0 };
}

/** Returns the next model. Pure. */
export function updatePick(model: PickModel, action: PickAction): PickModel {
  return withCursorInSight(changed(model, action));
}

/** Returns the number of visible rows of the list; at least one. */
export function pickPage(model: PickModel): number {
  return Math.max(1, model.height - AROUND - pickProblems(model).length);
}

/** Returns the row of the list at a row of the screen, from 0; -1 for none. */
export function pickRowAt(model: PickModel, y: number): number {
  const at = y - ABOVE;
  if (at < 0 || at >= pickPage(model)) return -1;
  return model.top + at < model.rows.length ? model.top + at : -1;
}

function changed(model: PickModel, action: PickAction): PickModel {
  switch (action.type) {
    case 'answered':
      return withRows({ ...model, answers: [...model.answers, action.answer] });
    case 'all-answered':
      return { ...model, asking: false };
    case 'search':
      return { ...withRows({ ...model, query: action.query }), cursor: 0 };
    case 'move':
      return { ...model, cursor: clamp(model.cursor + action.by, model.rows.length) };
    case 'go':
      return { ...model, cursor: action.to === 'first' ? 0 : model.rows.length - 1 };
    case 'resize':
      return { ...model, height: action.height };
  }
}

/** Scrolls as little as possible, so that rows stay under the pointer. */
function withCursorInSight(model: PickModel): PickModel {
  const page = pickPage(model);
  const lowest = Math.max(0, Math.min(model.cursor, model.rows.length - page));
  const top = Math.min(Math.max(model.top, model.cursor - page + 1), lowest);
  return top === model.top ? model : { ...model, top };
}

/** Returns the reference of the selected image; null for the demonstration image. */
export function pickedReference(model: PickModel): string | null {
  const row = model.rows[model.cursor];
  return row?.kind === 'image' ? row.image.reference : null;
}

/** Returns `name:tag`, which the query matches; the ID for an image without a name. */
export function pickName(image: LocalImage): string {
  if (image.name === '') return shortId(image.id);
  if (image.tag === '') return image.name;
  return `${image.name}${image.tag.startsWith('sha256:') ? '@' : ':'}${image.tag}`;
}

/** Returns the error of each engine that returned no list. */
export function pickProblems(model: PickModel): readonly string[] {
  return model.answers.flatMap((answer) => {
    if ('images' in answer) return [];
    const { words, how } = answer.problem;
    return [escapeText(`${engineName(answer.engine)}: ${words.at(-1) ?? how}`)];
  });
}

/** Returns the first digits of an image's ID, as the engines show it. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}

/** Keeps the cursor on its image while others arrive, or at the top if it was not moved. */
function withRows(model: PickModel): PickModel {
  const before = model.rows[model.cursor];
  const rows = rowsFor(model.answers, model.query);
  if (model.cursor === 0 || before === undefined) return { ...model, rows, cursor: 0 };
  const at = rows.findIndex((row) => sameRow(row, before));
  return { ...model, rows, cursor: at < 0 ? 0 : at };
}

function sameRow(a: PickRow, b: PickRow): boolean {
  if (a.kind === 'demo' || b.kind === 'demo') return a.kind === b.kind;
  return a.image.reference === b.image.reference && a.image.engine.cli === b.image.engine.cli;
}

function rowsFor(answers: readonly EngineImages[], query: string): readonly PickRow[] {
  const images = answers.flatMap((answer) => ('images' in answer ? answer.images : []));
  if (query.trim() === '') {
    return [...images.toSorted(newestFirst).map((image): PickRow => imageRow(image, [])), DEMO];
  }
  const found = fuzzysort.go(query, images, { key: pickName, limit: 0, threshold: 0.2 });
  const rows = found.map((result): PickRow => imageRow(result.obj, result.indexes));
  const known = new Set(found.map((result) => result.obj));
  const byId = images.filter((image) => !known.has(image) && shortId(image.id).startsWith(query.trim()));
  return [...rows, ...byId.map((image) => imageRow(image, [])), DEMO];
}

function imageRow(image: LocalImage, matched: readonly number[]): PickRow {
  return { kind: 'image', image, matched };
}

function newestFirst(a: LocalImage, b: LocalImage): number {
  const times = (b.created ?? '').localeCompare(a.created ?? '');
  return times === 0 ? pickName(a).localeCompare(pickName(b)) : times;
}

function clamp(cursor: number, length: number): number {
  return Math.max(0, Math.min(length - 1, cursor));
}
