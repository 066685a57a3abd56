import type { HistoryAlignment } from '../history/align.ts';
import { instructionOfLayer } from '../history/align.ts';
import type { Origin } from '../history/origin.ts';
import { keepsContent } from '../ledger/content.ts';
import { fateBy } from '../ledger/fate.ts';
import type { Ledger, State } from '../ledger/ledger.ts';
import { linkGroups } from '../ledger/link-groups.ts';
import { pathText } from '../text/path-text.ts';
import type { Occurrence } from './finding.ts';

/** What is known of a file at one path, whatever is found in it. */
export interface FilePlace extends Omit<Occurrence, 'where'> {
  readonly layer: number;
  readonly path: string;
}

/** Tells, for a member of a layer's tar, every path at which the image has it and what became of it there. */
export class FilePlaces {
  readonly #ledger: Ledger;
  readonly #history: HistoryAlignment;
  readonly #origins: readonly Origin[];
  readonly #mask: (text: string) => string;
  /** By layer: entry by the first block of its header. */
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

  /** @param headerBlock first block of the member in the layer's tar */
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

  /** @param event of the ledger, no deletion */
  at(event: number): FilePlace {
    const ledger = this.#ledger;
    const layer = ledger.layerOf(event);
    const path = ledger.pathOf(event);
    // A chmod that writes the same content again takes nothing away.
    const ending = ledger.line(path).find((next) => next > event && !keepsContent(ledger, next));
    const gone = ending === undefined ? null : fateBy(ledger, ending).layer;
    return this.#place(layer, path, ledger.state(event), gone);
  }

  /** An earlier member of the same tar: the layer itself put another in its place. */
  #superseded(layer: number, path: number): FilePlace {
    return this.#place(layer, path, this.#ledger.endedState(path), layer);
  }

  #place(layer: number, path: number, state: State, gone: number | null): FilePlace {
    return {
      layer,
      path: pathText(this.#ledger.paths.path(path)),
      state,
      origin: this.#origins[layer] ?? 'unknown',
      introducedBy: this.#instruction(layer),
      removedBy: gone === null ? null : this.#instruction(gone),
      removedIn: gone,
    };
  }

  #instruction(layer: number): string | null {
    const text = instructionOfLayer(this.#history, layer);
    return text === '' ? null : this.#mask(text);
  }
}
