import type { HistoryAlignment } from '../history/align.ts';
import { instructionOfLayer } from '../history/align.ts';
import type { Origin } from '../history/origin.ts';
import { keepsContent } from '../ledger/content.ts';
import { fateBy } from '../ledger/fate.ts';
import type { Ledger, State } from '../ledger/ledger.ts';
import { linkGroups } from '../ledger/link-groups.ts';
import { pathText } from '../text/path-text.ts';
import type { Occurrence } from './finding.ts';

/** Where a file is and what became of it; an occurrence without what was found. */
export interface FilePlace extends Omit<Occurrence, 'where'> {
  readonly layer: number;
  readonly path: string;
}

/** Finds all paths of a tar member of a layer, and what became of the file at each. */
export class FilePlaces {
  readonly #ledger: Ledger;
  readonly #history: HistoryAlignment;
  readonly #origins: readonly Origin[];
  readonly #mask: (text: string) => string;
  /** By layer: the entry of each header block. */
  readonly #entries = new Map<number, ReadonlyMap<number, number>>();

  /** @param mask masks the credentials in an instruction */
  constructor(
    ledger: Ledger,
    history: HistoryAlignment,
    origins: readonly Origin[],
    mask: (text: string) => string,
  ) {
    this.#ledger = ledger;
    this.#history = history;
    this.#origins = origins;
    this.#mask = mask;
  }

  /**
   * Returns the places of a member: its own path and its hard links.
   * @param headerBlock first block of the member in the layer's tar
   */
  of(layer: number, headerBlock: number): FilePlace[] {
    const entry = this.#entriesOf(layer).get(headerBlock);
    if (entry === undefined) return [];
    const ledger = this.#ledger;
    const path = ledger.entriesOf(layer).path(entry);
    const event = ledger.eventAt(path, layer);
    const own =
      event >= 0 &&
      !ledger.isDeletion(event) &&
      ledger.layerOf(event) === layer &&
      ledger.entryOf(event) === entry;
    const names = linkGroups(ledger).at({ layer, entry })?.names ?? (own ? [event] : []);
    const places = names.map((name) => this.at(name));
    return own ? places : [this.#superseded(layer, path), ...places];
  }

  #entriesOf(layer: number): ReadonlyMap<number, number> {
    const known = this.#entries.get(layer);
    if (known !== undefined) return known;
    const blocks = this.#ledger.layers[layer]?.columns.headerBlock ?? new Uint32Array(0);
    const entries = new Map(Array.from(blocks, (block, entry) => [block, entry]));
    this.#entries.set(layer, entries);
    return entries;
  }

  /**
   * Returns the place of the file that a ledger event created.
   * @param event not a deletion
   */
  at(event: number): FilePlace {
    const ledger = this.#ledger;
    const layer = ledger.layerOf(event);
    const path = ledger.pathOf(event);
    // An event that keeps the content, such as a chmod, does not remove it.
    const removal = ledger.line(path).find((next) => next > event && !keepsContent(ledger, next));
    const removedIn = removal === undefined ? null : fateBy(ledger, removal).layer;
    return this.#place(layer, path, ledger.state(event), removedIn);
  }

  /** Returns the place of a member that a later member of the same tar replaced. */
  #superseded(layer: number, path: number): FilePlace {
    return this.#place(layer, path, this.#ledger.endedState(path), layer);
  }

  #place(layer: number, path: number, state: State, removedIn: number | null): FilePlace {
    return {
      layer,
      path: pathText(this.#ledger.paths.path(path)),
      state,
      origin: this.#origins[layer] ?? 'unknown',
      introducedBy: this.#instruction(layer),
      removedBy: removedIn === null ? null : this.#instruction(removedIn),
      removedIn,
    };
  }

  #instruction(layer: number): string | null {
    const text = instructionOfLayer(this.#history, layer);
    return text === '' ? null : this.#mask(text);
  }
}
