import { type FindingsState, NO_FINDINGS } from './findings.ts';
import { type HeldCase, NO_CASE } from './held-case.ts';
import type { Retest } from '../retest/verify.ts';
import type { KeptState } from './kept-shape.ts';
import type { HistoryAlignment } from '../history/align.ts';
import type { BaseEvidence } from '../history/base.ts';
import type { Provenance } from '../history/provenance.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import type { ColourLevel, ThemeName } from '../text/theme.ts';
import { type Binding, KEYMAP } from './keymap.ts';
import type { Overlay } from './overlay.ts';
import type { TreeColumnsShown } from './tree/column-names.ts';
import type { TreeFilter } from './tree/filter.ts';
import { AUTO_FOLDS, type Folds } from './tree/folds.ts';
import type { ReadingKind } from './tree/reading.ts';
import { SHOW_ALL, type Show } from './tree/show.ts';
import type { SortKey } from './tree/siblings.ts';
import type { ListViewId, PaneId, ViewId } from './views.ts';

/** A screen's size in cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** How things are drawn: a theme, how many colours, and whether lines may be other than ASCII. */
export interface Look {
  readonly theme: ThemeName;
  readonly level: ColourLevel;
  readonly unicode: boolean;
}

/** The layers pane: its cursor is a row of {@link layerRows}. */
interface LayersState {
  readonly row: number;
  readonly top: number;
  /** Whether the base's layers have a row each. */
  readonly baseOpen: boolean;
}

export interface TreeState {
  readonly reading: ReadingKind;
  /** The reading to come back to from a comparison. */
  readonly readingBefore: ReadingKind;
  /** The layer that a comparison starts from. */
  readonly from: number | null;
  readonly show: Show;
  readonly sort: SortKey;
  readonly folds: Folds;
  /** The folds to restore when the filter is cleared. */
  readonly foldsBefore: Folds | null;
  readonly filter: TreeFilter | null;
  readonly columns: TreeColumnsShown;
  /** The selected path, or -1. A path and not a row: layers that arrive do not move it. */
  readonly cursor: number;
  /** The first row drawn. */
  readonly top: number;
  /** By layer: the path that was last selected there. */
  readonly remembered: ReadonlyMap<number, number>;
}

/** The cursor of a list, and its first row drawn. */
interface ListState {
  readonly row: number;
  readonly top: number;
}

const TOP: ListState = { row: 0, top: 0 };

/** A message, shown until the next key. */
export interface Message {
  readonly kind: 'info' | 'error';
  readonly text: string;
}

/** Cells of the left pane and of the lower pane; null for the default. */
export interface PaneSizes {
  readonly left: number | null;
  readonly detail: number | null;
  readonly zoom: PaneId | null;
}

/** Known facts about the build of the image. */
export interface BuildFacts {
  /** Evidence for the base image, strongest first. */
  readonly base: readonly BaseEvidence[];
  readonly provenance: Provenance | null;
}

/** An image of the archive that is open. */
export interface ArchiveImage {
  /** As `--image INDEX` takes it. */
  readonly index: number;
  /** Its names, escaped; empty for none. */
  readonly names: string;
  readonly platform: string;
  /** Digest of its manifest; empty if it has none. */
  readonly digest: string;
  /** Why it cannot be opened, or null. */
  readonly missing: string | null;
}

/** The images of the archive, and which of them this is. */
export interface ArchiveImages {
  readonly list: readonly ArchiveImage[];
  readonly current: number;
  /** Why switching is not possible, or null. */
  readonly locked: string | null;
}

/** The state of the screen. Drawing depends on nothing else. */
export interface Model {
  readonly size: Size;
  readonly look: Look;
  /** The key bindings, including custom ones. */
  readonly keymap: readonly Binding[];
  readonly view: ViewId;
  readonly focus: PaneId;
  readonly panes: PaneSizes;
  /** Null until the image is open. */
  readonly stacked: StackedImage | null;
  /** The image as the user named it. */
  readonly source: string;
  /** Why reading failed, or null. */
  readonly failure: string | null;
  /** Which history entry created which layer; null until the image is open. */
  readonly history: HistoryAlignment | null;
  /** How many of the lowest layers belong to the base image; 0 if unknown. */
  readonly baseLayers: number;
  readonly build: BuildFacts;
  /** Masks every text of the image before it is drawn. */
  readonly masker: Masker;
  readonly images: ArchiveImages;
  /** Counts shown in the tabs. */
  readonly counts: Readonly<Partial<Record<ViewId, number>>>;
  readonly findings: FindingsState;
  /** The comparison with an earlier report; null if none was given or it is not done yet. */
  readonly retest: Retest | null;
  /** The case: decisions and flags. */
  readonly held: HeldCase;
  /** Ids of the marked findings. */
  readonly marked: ReadonlySet<string>;
  readonly layers: LayersState;
  readonly tree: TreeState;
  /** Cursor and first row drawn of each list view. */
  readonly lists: Readonly<Record<ListViewId, ListState>>;
  /** Whether the History view shows its other layout: only the Dockerfile, or only the list. */
  readonly historySwapped: boolean;
  /** Index of the selected bead; null for the one of the selected layer. */
  readonly bead: number | null;
  /** The saved position in this image; null once it has been restored. */
  readonly kept: KeptState | null;
  readonly overlays: readonly Overlay[];
  readonly message: Message | null;
  readonly exactSizes: boolean;
  /** Whether the user has agreed to open contents in programs that mask nothing. */
  readonly seesUncovered: boolean;
  /** The user's programs that show files. */
  readonly viewers: Viewers;
  /** The suggested directory of an extraction: the one last used in this session. */
  readonly extractTo: string;
  readonly mouse: boolean;
  /** The border being dragged with the mouse. */
  readonly drag: 'left' | 'detail' | null;
}

/** The names of the user's programs that show files. */
export interface Viewers {
  readonly pager: string;
  readonly editor: string;
}

/** The initial data of a session. */
export interface StartOptions {
  readonly size: Size;
  readonly look: Look;
  readonly source: string;
  readonly masker: Masker;
  readonly keymap?: readonly Binding[];
  readonly baseLayers?: number;
  readonly build?: BuildFacts;
  readonly images?: ArchiveImages;
  readonly mouse?: boolean;
  readonly viewers?: Viewers;
  /** The saved state of the image; null if there is none. */
  readonly kept?: KeptState | null;
}

/**
 * Returns the model before anything has been read. Of a kept state, view, panes and tree settings apply at once;
 * the position in the image is restored when the layers have been read.
 */
export function startModel(options: StartOptions): Model {
  const kept = options.kept ?? null;
  return {
    size: options.size,
    look: options.look,
    keymap: options.keymap ?? KEYMAP,
    view: kept?.view ?? 'layers',
    focus: kept?.focus ?? 'layers',
    panes: { left: kept?.left ?? null, detail: kept?.detail ?? null, zoom: null },
    stacked: null,
    source: options.source,
    failure: null,
    history: null,
    baseLayers: options.baseLayers ?? 0,
    masker: options.masker,
    build: options.build ?? { base: [], provenance: null },
    images: options.images ?? { list: [], current: 0, locked: null },
    counts: {},
    findings: NO_FINDINGS,
    retest: null,
    held: NO_CASE,
    marked: new Set(),
    layers: { row: 0, top: 0, baseOpen: false },
    tree: {
      reading: kept?.reading ?? 'changes',
      readingBefore: 'changes',
      from: null,
      show: SHOW_ALL,
      sort: kept?.sort ?? 'name',
      folds: AUTO_FOLDS,
      foldsBefore: null,
      filter: null,
      columns: kept?.columns ?? { mode: true, owner: true, size: true, lost: true, mtime: false },
      cursor: -1,
      top: 0,
      remembered: new Map(),
    },
    lists: { deleted: TOP, setuid: TOP, findings: TOP, history: TOP, config: TOP, retest: TOP },
    historySwapped: false,
    bead: null,
    kept,
    overlays: [],
    message: null,
    exactSizes: kept?.exactSizes ?? false,
    seesUncovered: false,
    viewers: options.viewers ?? { pager: '$PAGER', editor: '$EDITOR' },
    extractTo: 'exhume-evidence',
    mouse: options.mouse ?? true,
    drag: null,
  };
}
