import type { HistoryAlignment } from '../../history/align.ts';
import type { BaseEvidence } from '../../history/base.ts';
import { firstOwnEntry, rebuildDockerfile } from '../../history/dockerfile.ts';
import type { Provenance } from '../../history/provenance.ts';
import { type DockerfileFacts, dockerfileFacts } from '../../report/dockerfile-facts.ts';
import type { Masker } from '../../secrets/mask/masker.ts';
import type { Image } from '../../image/image.ts';
import type { Model } from '../model.ts';
import { type DockerfileRow, dockerfileRows } from '../tables/dockerfile-rows.ts';
import { selectedEntry } from './history-rows.ts';
import { layoutOf } from './layout.ts';
import { memoized } from './memo.ts';

/** Narrower screens show either the entries or the Dockerfile. */
const WIDE = 110;
/** Cells before each row of the Dockerfile: the marker of the entry, and the mark of an inferred line. */
const GUTTER = 4;

/** Cells of the two halves of the History view, without the border between them; 0 if not shown. */
export interface HistoryHalves {
  readonly entries: number;
  readonly dockerfile: number;
}

/** Returns the widths of the two halves of the History view. */
export function historyHalves({ history, historySwapped, size }: Model): HistoryHalves {
  const { columns } = size;
  if (history === null || history.entries.length === 0) return { entries: columns, dockerfile: 0 };
  if (columns >= WIDE && !historySwapped) {
    const entries = Math.min(90, Math.floor(columns * 0.5));
    return { entries, dockerfile: columns - entries - 1 };
  }
  const isSwapped = columns < WIDE && historySwapped;
  return { entries: isSwapped ? 0 : columns, dockerfile: isSwapped ? columns : 0 };
}

/** A window of the Dockerfile beside the history. */
export interface DockerfileView {
  readonly source: DockerfileFacts['source'];
  readonly rows: readonly DockerfileRow[];
  /** The first row drawn. */
  readonly top: number;
  /** Whether a row belongs to the entry under the cursor. */
  readonly isMarked: (row: DockerfileRow) => boolean;
}

/**
 * Returns the Dockerfile, scrolled to the rows of the selected entry. Entries of the base belong to FROM.
 * @param height visible rows
 * @param width cells of the half, including the gutter
 */
export function dockerfileView(model: Model, width: number, height: number): DockerfileView | null {
  const { build, history, masker, stacked } = model;
  if (stacked === null || history === null || width === 0) return null;
  const facts = factsOf(stacked.image, history, build.base, build.provenance, masker);
  const rows = rowsOf(facts, Math.max(20, width - GUTTER));
  const entry = selectedEntry(model);
  const isOfBase = facts.source === 'history' && entry < firstOwnEntry(history, build.base);
  // Entries of the base have no line but FROM.
  const isMarked = (row: DockerfileRow): boolean => (isOfBase ? row.line === 0 : row.entry === entry);
  const first = rows.findIndex(isMarked);
  // For an entry without a line, show where its line would be.
  const at = first >= 0 ? first : rows.findIndex((row) => row.entry !== null && row.entry > entry);
  const most = Math.max(0, rows.length - height);
  const top = Math.max(0, Math.min(most, (at < 0 ? most : at) - Math.floor(height / 3)));
  return { source: facts.source, rows, top, isMarked };
}

const factsOf = memoized(
  (
    image: Image,
    history: HistoryAlignment,
    base: readonly BaseEvidence[],
    provenance: Provenance | null,
    masker: Masker,
  ): DockerfileFacts =>
    dockerfileFacts(rebuildDockerfile(history, image.config, base), base, provenance, history, masker),
);

const rowsOf = memoized(dockerfileRows, 2);

/** Returns the visible rows of the Dockerfile: those of the list, plus the row beside the column titles. */
export function dockerfilePage(model: Model, detailRows: number): number {
  return Math.max(1, layoutOf(model).body.height - 1 - detailRows);
}
