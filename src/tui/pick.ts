import fuzzysort from 'fuzzysort';
import { engineName } from '../image/engines/engine.ts';
import type { LocalImage } from '../image/engines/image-lists.ts';
import type { EngineImages } from '../image/engines/local-images.ts';
import { escapeText } from '../text/escape.ts';

/** One line of the picker: an image of an engine, or the built-in demonstration, always the last. */
export type PickRow =
  | {
      readonly kind: 'image';
      readonly image: LocalImage;
      /** Which UTF-16 units of `name:tag` the query matched. */
      readonly matched: readonly number[];
    }
  | { readonly kind: 'demo' };

/** What the picker of local images shows. */
export interface PickModel {
  /** What the engines answered so far. */
  readonly answers: readonly EngineImages[];
  /** True until every engine has answered. */
  readonly asking: boolean;
  readonly query: string;
  /** Never empty: the last one is the demonstration. */
  readonly rows: readonly PickRow[];
  readonly cursor: number;
  /** Rows of the screen. */
  readonly height: number;
  /** The first row of the list that is in sight. */
  readonly top: number;
}

/** Rows of the screen above the list: the question, what was typed, the titles. */
const ABOVE = 3;
/** Rows of the screen that are not the list's: those above it, an empty one and the keys. */
const AROUND = ABOVE + 2;

export type PickAction =
  | { readonly type: 'answered'; readonly answer: EngineImages }
  | { readonly type: 'all-answered' }
  | { readonly type: 'search'; readonly query: string }
  | { readonly type: 'move'; readonly by: number }
  | { readonly type: 'go'; readonly to: 'first' | 'last' }
  | { readonly type: 'resize'; readonly height: number };

const DEMO: PickRow = { kind: 'demo' };

/** The text of the demo row. */
export const DEMO_NAME = 'built-in demo image';

/** The picker before any engine has answered. */
export function startPick(): PickModel {
  return { answers: [], asking: true, query: '', rows: [DEMO], cursor: 0, height: 24, top: 0 };
}

/** The next model. Nothing is changed in place. */
export function updatePick(model: PickModel, action: PickAction): PickModel {
  return withCursorInSight(changed(model, action));
}

/** How many rows of the list are in sight at once; at least one. */
export function pickPage(model: PickModel): number {
  return Math.max(1, model.height - AROUND - pickProblems(model).length);
}

/** The row of the list that a row of the screen shows, from 0; -1 where it shows none. */
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

/** The list moves no more than it must: what is under the pointer stays there. */
function withCursorInSight(model: PickModel): PickModel {
  const page = pickPage(model);
  const lowest = Math.max(0, Math.min(model.cursor, model.rows.length - page));
  const top = Math.min(Math.max(model.top, model.cursor - page + 1), lowest);
  return top === model.top ? model : { ...model, top };
}

/** What to open for the row under the cursor: a reference, or null for the demonstration. */
export function pickedReference(model: PickModel): string | null {
  const row = model.rows[model.cursor];
  return row?.kind === 'image' ? row.image.reference : null;
}

/** `name:tag`, as the query sees it; an image without a name goes by its ID. */
export function pickName(image: LocalImage): string {
  if (image.name === '') return shortId(image.id);
  if (image.tag === '') return image.name;
  return `${image.name}${image.tag.startsWith('sha256:') ? '@' : ':'}${image.tag}`;
}

/** The engines that gave no list, each with what it said. */
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

/** The cursor stays on its image while others arrive around it; untouched at the top it stays there. */
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
