import { platformText } from '../src/image/platform.ts';
import { incompleteLayers } from '../src/ledger/incomplete.ts';
import type { StackedImage } from '../src/ledger/stacked-image.ts';
import { escapeText } from '../src/text/escape.ts';
import { fit } from '../src/text/fit.ts';
import { humanSize } from '../src/text/size.ts';
import type { Token } from '../src/text/theme.ts';
import { displayWidth } from '../src/text/width.ts';
import type { Model } from '../src/tui/model.ts';
import type { Segment } from '../src/tui/columns/segment.ts';

const GAP = '  ';
const SHORT_ID = 12;
/** Cells reserved for the name. */
const NAME_ROOM = 28;

/** A fact of the header, with its priority if there is no room for all. */
interface Fact {
  readonly segment: Segment;
  /** Facts with a higher rank are left out first. */
  readonly rank: number;
}

/** Returns the first line: the image, how much of it has been read, and the digest verification. */
export function headerLine(model: Model, width: number): readonly Segment[] {
  const { stacked } = model;
  const all =
    stacked === null
      ? []
      : [...position(model), ...facts(stacked, model.images.list.length > 1), ...progress(stacked)];
  const program: Segment = ['header', ' exhume'];
  const name = escapeText(nameOf(model));
  let room = width - program[1].length - GAP.length - Math.min(displayWidth(name), NAME_ROOM);
  const kept = new Set<Fact>();
  for (const each of all.toSorted((a, b) => a.rank - b.rank)) {
    const cells = each.segment[1].length + GAP.length;
    if (cells > room) continue;
    room -= cells;
    kept.add(each);
  }
  const shownName = fit(name, Math.min(displayWidth(name), NAME_ROOM + room), { cut: 'middle', pad: false });
  const spare = room + Math.min(displayWidth(name), NAME_ROOM) - displayWidth(shownName);
  return [
    program,
    [null, GAP],
    ['accent', shownName],
    ...all.filter((each) => kept.has(each)).flatMap(({ segment }): Segment[] => [[null, GAP], segment]),
    [null, ' '.repeat(Math.max(0, spare))],
  ];
}

/** Returns which image of the archive is open, if there are several. */
function position({ images: { current, list } }: Model): readonly Fact[] {
  if (list.length < 2) return [];
  const at = list.findIndex(({ index }) => index === current) + 1;
  return [fact(2, 'key', `image ${at} of ${list.length}`)];
}

function nameOf({ stacked, source }: Model): string {
  return stacked?.image.names[0] ?? stacked?.image.source ?? source;
}

function fact(rank: number, token: Token, text: string): Fact {
  return { rank, segment: [token, text] };
}

/** @param isOneOfMany whether the archive has several images; the platform then has a higher priority */
function facts({ image, layers }: StackedImage, isOneOfMany: boolean): readonly Fact[] {
  const size = humanSize(layers.reduce((sum, layer) => sum + (layer.tarSize ?? 0), 0));
  return [
    fact(isOneOfMany ? 2.5 : 4, 'text', escapeText(platformText(image.platform))),
    fact(6, 'dim', image.id.replace(/^[a-z0-9]+:/, '').slice(0, SHORT_ID)),
    fact(3, 'text', `${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}`),
    fact(5, 'text', size),
  ];
}

/** Returns how many layers have been read, and the result of the digest verification. */
function progress(stacked: StackedImage): readonly Fact[] {
  const { layers } = stacked;
  const unread = layers.filter(({ status }) => status === 'waiting' || status === 'reading').length;
  const { length: trouble } = incompleteLayers(stacked);
  return [
    ...(unread === 0 ? [] : [fact(2, 'warning', `reading ${layers.length - unread}/${layers.length}`)]),
    ...(unread > 0 || stacked.complete ? [] : [fact(2, 'warning', 'comparing contents')]),
    ...(trouble === 0
      ? []
      : [
          fact(1, 'error', `INCOMPLETE: ${trouble} ${trouble === 1 ? 'layer' : 'layers'} missing or damaged`),
        ]),
    ...digests(stacked),
  ];
}

function digests({ layers, image, verifiedAll }: StackedImage): readonly Fact[] {
  const verdicts = layers.map(({ verified }) => [verified.digest, verified.diffId]);
  const wrong = verdicts.filter((each) => each.includes(false)).length;
  const right = verdicts.filter((each) => each.includes(true) && !each.includes(false)).length;
  const isForged = image.idVerified === false || image.manifestVerified === false;
  const all = isForged ? [fact(0, 'error', 'IMAGE ID MISMATCH')] : [];
  const tally = `digests ${right}/${layers.length}`;
  if (wrong > 0) return [...all, fact(0, 'error', `${tally}, ${wrong} MISMATCH`)];
  if (right > 0 && right === layers.length) return [...all, fact(2, 'added', `${tally} ok`)];
  if (right > 0) return [...all, fact(2, 'dim', tally)];
  return verifiedAll || layers.length === 0 ? all : [...all, fact(7, 'dim', 'digests unchecked')];
}
