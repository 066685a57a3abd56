import { EntryType } from '../src/tar/member.ts';
import { modeText, octalMode } from '../src/tar/mode-text.ts';
import { escapeBytes } from '../src/text/escape.ts';
import { fit } from '../src/text/fit.ts';
import { exactSize } from '../src/text/size.ts';
import { isoTime } from '../src/text/time.ts';
import { displayWidth } from '../src/text/width.ts';
import type { Model } from '../src/tui/model.ts';
import { layerRows, layerWords } from '../src/tui/selectors/layer-rows.ts';
import { type Bead, type PathLine, TYPE_NAMES } from '../src/tui/selectors/path-line.ts';
import { beadWindow, selectedTrack } from '../src/tui/selectors/track.ts';
import { treeOf } from '../src/tui/selectors/tree-of.ts';
import { seenAt } from '../src/tui/tree/seen.ts';
import { CHANGE_TOKENS } from '../src/tui/columns/change-tokens.ts';
import type { Segment } from '../src/tui/columns/segment.ts';
import type { Painter } from './painter.ts';

/** Returns the lower pane: the selected path, its history as a track, and each change with its instruction. */
export function detailLines(
  model: Model,
  painter: Painter,
  width: number,
  height: number,
): readonly string[] {
  const track = selectedTrack(model);
  if (track === null) return instructionLines(model, painter, width, height);
  const { line, chosen, parts, x } = track;
  const isFocused = model.focus === 'track';
  const hasFacts = height >= 6;
  const drawn = parts.map(({ text, bead }): Segment => {
    if (bead < 0) return ['dim', text];
    return [CHANGE_TOKENS[line.beads[bead]!.change], text];
  });
  const trackLine =
    ' '.repeat(x) +
    drawn
      .map(([token, text], i) => {
        const painted = painter.paint(token, text);
        return isFocused && parts[i]!.bead === chosen ? painter.paint('selected', painted) : painted;
      })
      .join('');
  const rows = Math.max(1, height - 2 - (hasFacts ? 1 : 0));
  const [from, to] = beadWindow(line.beads, chosen, rows);
  const who = line.beads.slice(from, to).map((bead, i) => {
    const isChosen = from + i === chosen;
    const segments = beadLine(model, bead, isChosen, width);
    return isChosen && isFocused ? painter.selected(segments, true) : painter.row(segments);
  });
  return [
    titleLine(painter, line, width, isFocused),
    trackLine,
    ...(hasFacts ? [painter.name('dim', fit(`   ${factsText(model)}`, width))] : []),
    ...who,
  ];
}

function titleLine(painter: Painter, line: PathLine, width: number, isFocused: boolean): string {
  const fate = fit(line.fate, Math.max(10, width >> 1), { pad: false });
  const room = width - displayWidth(fate) - 6;
  const name = fit(line.name, room, { cut: 'start', pad: false });
  const title = isFocused ? `[${name}]` : ` ${name} `;
  return painter.row([
    [isFocused ? 'borderActive' : 'header', title],
    [null, '  '],
    [line.isLive ? 'text' : 'deleted', fate],
  ]);
}

function beadLine(model: Model, bead: Bead, isChosen: boolean, width: number): readonly Segment[] {
  const head = isChosen ? '> ' : '  ';
  const layer = `${fit(String(bead.layer), 4, { align: 'right' })}  `;
  const did = `${bead.words} by `;
  const words = layerWords(model, bead.layer);
  const room = width - head.length - 2 - layer.length - displayWidth(did);
  const token = CHANGE_TOKENS[bead.change];
  return [
    ['accent', head],
    [token, `${bead.letter} `],
    ['text', layer],
    [token, room < 8 ? fit(did, width - head.length - 2 - layer.length) : did],
    ['text', room < 8 ? '' : fit(words, room)],
  ];
}

/** Returns the metadata of the selected path. */
function factsText(model: Model): string {
  const columns = treeOf(model)?.shown.columns;
  const seen = columns === undefined ? null : seenAt(columns, model.tree.cursor);
  if (columns === undefined || seen === null) return 'directory without an entry of its own';
  const { ledger } = columns;
  const { entry, layer } = seen.place;
  const holder = ledger.entriesOf(layer);
  const { extras } = holder.columns;
  const mode = holder.mode(entry);
  const hash = holder.sha256(entry);
  const link = seen.link === null ? '' : ` to ${escapeBytes(seen.link)}`;
  const xattrs = [...(extras.get(entry)?.xattrs?.keys() ?? [])];
  return [
    `${TYPE_NAMES[seen.type]}${link}`,
    `${modeText(seen.type, mode)} ${octalMode(mode)}`,
    `${holder.uid(entry)}:${holder.gid(entry)}`,
    ...(seen.type === EntryType.file ? [`${exactSize(seen.size)} bytes`] : []),
    isoTime(holder.mtime(entry)) ?? '?',
    `from layer ${columns.holder[model.tree.cursor]!}`,
    ...(xattrs.length === 0 ? [] : [`xattrs ${xattrs.length}`]),
    ...(hash === null ? [] : [`sha256 ${Buffer.from(hash).toString('hex').slice(0, 16)}`]),
  ].join('  ');
}

/** Returns the whole instruction, for when no path is selected. */
function instructionLines(model: Model, painter: Painter, width: number, height: number): readonly string[] {
  const row = layerRows(model)[model.layers.row];
  if (row === undefined || row.kind === 'base') return [];
  const lines: string[] = [];
  let rest = row.instruction;
  while (rest !== '' && lines.length < height) {
    const isLast = lines.length === height - 1;
    const piece = isLast ? fit(rest, width - 2, { pad: false }) : firstCells(rest, width - 2);
    lines.push(` ${painter.name('text', piece)}`);
    rest = rest.slice(piece.length);
  }
  return lines;
}

function firstCells(text: string, cells: number): string {
  const cut = fit(text, cells, { pad: false });
  return cut === text ? text : cut.replace(/ ?~$/, '');
}
