import { countFindings } from '../src/finding/finding.ts';
import { countText } from '../src/report/finding-lines.ts';
import { escapeBytes, escapeText } from '../src/text/escape.ts';
import { type CommandName, COMMANDS } from '../src/tui/commands.ts';
import type { FindingLetter } from '../src/tui/finding-marks.ts';
import { keyLabel } from '../src/tui/key-names.ts';
import { keyOf } from '../src/tui/keymap.ts';
import { lineText } from '../src/tui/line-edit.ts';
import type { Model } from '../src/tui/model.ts';
import type { Overlay } from '../src/tui/overlay.ts';
import { helpLines } from '../src/tui/selectors/help-lines.ts';
import { imageEntries } from '../src/tui/selectors/image-entries.ts';
import { type LayerRow, layerRows } from '../src/tui/selectors/layer-rows.ts';
import { listTable, selectedRow } from '../src/tui/selectors/list-table.ts';
import { lettersOf } from '../src/tui/selectors/marks.ts';
import { paletteEntries } from '../src/tui/selectors/palette-entries.ts';
import { selectedBead, selectedLine } from '../src/tui/selectors/path-line.ts';
import { showOptions } from '../src/tui/selectors/show-options.ts';
import { tabSpans } from '../src/tui/selectors/tabs.ts';
import { readingOf, treeOf } from '../src/tui/selectors/tree-of.ts';
import { Mark } from '../src/tui/tree/mark.ts';
import type { TreeRow } from '../src/tui/tree/tree-view.ts';
import { VIEWS } from '../src/tui/views.ts';
import { sizeText } from './numbers.ts';
import { ASKS, promptTitle } from './prompt-line.ts';
import { emptyWords, readingTitle } from './tree-words.ts';

/** Lines of a preview that are said at once. */
const PAGE = 20;

/**
 * What a screen reader is to say of a change, a line each: what came up, and what is under the cursor now.
 * @param before the model before the change; null at the start
 * @returns no line where nothing changed that a person would want to hear
 */
export function spoken(before: Model | null, model: Model): readonly string[] {
  const place = placeOf(model);
  if (before === null) {
    return [`exhume, ${escapeText(model.source)}. ${wayAbout(model)}.`, place.head];
  }
  const was = placeOf(before);
  const lines: string[] = [];
  const isRead = (each: Model): boolean => each.stacked?.complete === true;
  if (isRead(model) && !isRead(before)) {
    const { image, layers } = model.stacked!;
    const name = image.names[0] ?? image.source;
    lines.push(`${escapeText(name)} is read: ${layers.length} layers.`);
  }
  if (model.findings.search === 'done' && before.findings.search !== 'done') {
    lines.push(`Searched: ${countText(countFindings(model.findings.list))}.`);
  }
  if (place.head !== was.head) lines.push(place.head);
  if (model.message !== null && model.message !== before.message) {
    lines.push(`${model.message.kind === 'error' ? 'Error: ' : ''}${escapeText(model.message.text)}`);
  }
  if (place.head !== was.head || place.row !== was.row) lines.push(...place.row.split('\n'));
  return lines.filter((line) => line !== '');
}

function wayAbout({ keymap }: Model): string {
  const say = (command: CommandName): string => {
    const key = keyOf(command, ['global'], keymap);
    return key === null ? '' : key === '?' ? 'Question mark' : keyLabel(key);
  };
  const [help, quit] = [say('help'), say('quit')];
  return [...(help === '' ? [] : [`${help} lists the keys`]), `${quit} leaves`].join(', ');
}

/** Where the person is, and what is under the cursor there. */
interface Place {
  readonly head: string;
  /** Several lines where what is there is text to be read. */
  readonly row: string;
}

function placeOf(model: Model): Place {
  const overlay = model.overlays.at(-1);
  if (overlay !== undefined) return overlayPlace(model, overlay);
  if (model.stacked === null) return { head: 'Opening', row: '' };
  if (model.view !== 'layers') return listPlace(model, model.view);
  switch (model.focus) {
    case 'layers':
      return layersPlace(model);
    case 'tree':
      return treePlace(model);
    case 'track':
      return trackPlace(model);
  }
}

function overlayPlace(model: Model, overlay: Overlay): Place {
  switch (overlay.kind) {
    case 'help': {
      const lines = helpLines(model).map((line) =>
        line.kind === 'key' ? `${line.keys}: ${line.text}` : line.text,
      );
      return { head: 'Help. Escape closes it.', row: lines.filter((line) => line.trim() !== '').join('\n') };
    }
    case 'palette': {
      const entries = paletteEntries(model, overlay);
      const words = entries.map(
        ({ help, key, title }) => `${title}, ${key === '' ? '' : `key ${key}, `}${help}`,
      );
      return { head: 'Commands. Type to narrow, Enter does it.', row: chosen(words, overlay.cursor) };
    }
    case 'images': {
      const words = imageEntries(model, overlay).map(({ image, name }) => `${name}, ${image.platform}`);
      return { head: 'Images of this archive. Enter opens it.', row: chosen(words, overlay.cursor) };
    }
    case 'jump': {
      const words = overlay.found.map(({ text }) => text);
      const typed = lineText(overlay.line) === '' ? '' : chosen(words, overlay.cursor);
      return { head: 'Go to path. Type letters of it, Enter goes there.', row: typed };
    }
    case 'prompt': {
      const { hint } = ASKS[overlay.ask];
      const text = escapeText(lineText(overlay.line));
      return {
        head: `Asked for: ${promptTitle(overlay)} (${hint}).`,
        row: overlay.error === null ? text : `${text}: ${overlay.error}`,
      };
    }
    case 'menu': {
      const words = showOptions(model).map(({ on, title }) => `${title.trim()}, ${on ? 'on' : 'off'}`);
      return { head: 'Show and hide. Space switches.', row: chosen(words, overlay.cursor) };
    }
    case 'preview': {
      const { preview, top } = overlay;
      if (preview === null) return { head: 'Content: being read.', row: '' };
      const lines = preview.lines.slice(top, top + PAGE).map(({ lead, text }) => `${lead} ${text}`.trim());
      return {
        head: `Content: ${preview.title}, as ${preview.mode}, ${preview.lines.length} lines.`,
        row: lines.join('\n'),
      };
    }
  }
}

function chosen(words: readonly string[], cursor: number): string {
  const text = words[cursor];
  return text === undefined ? 'nothing fits' : `${text}. ${cursor + 1} of ${words.length}.`;
}

function listPlace(model: Model, view: Exclude<Model['view'], 'layers'>): Place {
  const table = listTable(model, view);
  const { title } = VIEWS.find(({ id }) => id === view)!;
  const count = table?.rows.length ?? 0;
  const row = selectedRow(model);
  const cells = row === null ? [] : [...row.cells, ...row.detail].map((cell) => cell.trim());
  const isSearching = view === 'findings' && model.findings.search === 'running';
  return {
    head: `${title} view. ${isSearching ? 'Still searching.' : (table?.summary ?? '')}`.trim(),
    row:
      row === null
        ? 'nothing here'
        : `${cells
            .filter((cell) => cell !== '')
            .join(', ')
            .replace(/\.$/, '')}. ${model.lists[view].row + 1} of ${count}.`,
  };
}

function layersPlace(model: Model): Place {
  // Without the counts behind them, which change while the image is read.
  const tabs = tabSpans(model).map(({ text }) => /\d [A-Z][a-z]+/.exec(text)?.[0] ?? text);
  const rows = layerRows(model);
  const row = rows[model.layers.row];
  return {
    head: `Layers view, the layers. Views by number: ${tabs.join(', ')}.`,
    row:
      row === undefined
        ? 'no layers'
        : `${layerWords(row, model)}. ${model.layers.row + 1} of ${rows.length}.`,
  };
}

function layerWords(row: LayerRow, { exactSizes }: Model): string {
  switch (row.kind) {
    case 'base':
      return `The base, ${row.layers} ${row.layers === 1 ? 'layer' : 'layers'}, ${sizeText(row.size, exactSizes)}`;
    case 'empty':
      return `No layer: ${row.instruction}`;
    case 'layer': {
      const { added, deleted, modified } = row.counts;
      return [
        `Layer ${row.layer}`,
        row.instruction === '' ? 'no history entry' : row.instruction,
        row.size === null ? row.status : sizeText(row.size, exactSizes),
        `${added} added, ${modified} changed, ${deleted} deleted`,
        ...(row.isBase ? ['of the base'] : []),
        ...(row.isMismatch ? ['DIGEST MISMATCH'] : []),
        ...(row.status === 'damaged' || row.status === 'missing' ? [row.status] : []),
      ].join(', ');
    }
  }
}

const MARKS: Readonly<Record<Mark, string>> = {
  [Mark.none]: '',
  [Mark.leads]: '',
  [Mark.added]: 'added',
  [Mark.modified]: 'content changed',
  [Mark.metadata]: 'mode, owner or attributes changed',
  [Mark.replaced]: 'became another type',
  [Mark.deleted]: 'deleted',
  [Mark.readded]: 'added again',
  [Mark.unchanged]: 'unchanged',
};

const FINDINGS: Readonly<Record<FindingLetter, string>> = {
  S: 'a secret stands in it',
  P: 'a posture problem',
  s: 'a secret stands below',
  p: 'a posture problem below',
};

function treePlace(model: Model): Place {
  const reading = readingOf(model);
  const tree = treeOf(model);
  const filter = model.tree.filter === null ? '' : `, only ${escapeText(model.tree.filter.text)}`;
  const head = `Tree: ${reading === null ? 'nothing to read' : readingTitle(reading)}${filter}.`;
  if (tree === null || tree.rowCount === 0) return { head, row: emptyWords(model, tree) };
  const at = tree.rowOf(model.tree.cursor);
  const row = tree.rows(at, at + 1)[0];
  return { head, row: row === undefined ? '' : `${rowWords(model, row)}. ${at + 1} of ${tree.rowCount}.` };
}

function rowWords(model: Model, row: TreeRow): string {
  const finding = lettersOf(model).get(row.path);
  return [
    escapeBytes(model.stacked!.ledger.paths.path(row.path)),
    row.isFolder ? `folder, ${row.isOpen ? 'open' : 'closed'}` : '',
    MARKS[row.mark],
    row.size > 0 ? sizeText(row.size, model.exactSizes) : '',
    finding === undefined ? '' : FINDINGS[finding],
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function trackPlace(model: Model): Place {
  const line = selectedLine(model);
  if (line === null) return { head: 'The line of a path: none is selected.', row: '' };
  const chosenBead = selectedBead(model, line);
  const bead = line.beads[chosenBead];
  return {
    head: `The line of ${line.name} through the layers: ${line.fate}. ${COMMANDS.open.title} goes to a layer.`,
    row:
      bead === undefined
        ? ''
        : `Layer ${bead.layer}: ${bead.words}. ${chosenBead + 1} of ${line.beads.length}.`,
  };
}
