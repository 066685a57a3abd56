import { platformText } from '../src/image/platform.ts';
import type { StackedImage } from '../src/ledger/stacked-image.ts';
import { escapeText } from '../src/text/escape.ts';
import { fit } from '../src/text/fit.ts';
import { humanSize } from '../src/text/size.ts';
import type { Token } from '../src/text/theme.ts';
import { displayWidth } from '../src/text/width.ts';
import type { Model } from '../src/tui/model.ts';
import type { Segment } from './painter.ts';

const GAP = '  ';
const SHORT_ID = 12;

/** The first line: what is open, and how far it is read and checked. */
export function headerLine(model: Model, width: number): readonly Segment[] {
  const { stacked } = model;
  const tail = stacked === null ? [] : [...facts(stacked), ...progress(stacked)];
  const tailWidth = tail.reduce((sum, [, text]) => sum + text.length + GAP.length, 0);
  const program: Segment = ['header', ' exhume'];
  const room = width - program[1].length - GAP.length - tailWidth;
  const name = fit(escapeText(nameOf(model)), Math.max(8, room), { cut: 'middle', pad: false });
  const segments: Segment[] = [program, [null, GAP], ['accent', name]];
  let used = program[1].length + GAP.length + displayWidth(name);
  for (const [token, text] of tail) {
    if (used + GAP.length + text.length > width) break;
    segments.push([null, GAP], [token, text]);
    used += GAP.length + text.length;
  }
  return [...segments, [null, ' '.repeat(Math.max(0, width - used))]];
}

function nameOf({ stacked, source }: Model): string {
  return stacked?.image.names[0] ?? stacked?.image.source ?? source;
}

function facts({ image, layers }: StackedImage): readonly Segment[] {
  const size = layers.reduce((sum, layer) => sum + (layer.tarSize ?? 0), 0);
  return [
    ['text', escapeText(platformText(image.platform))],
    ['dim', image.id.replace(/^[a-z0-9]+:/, '').slice(0, SHORT_ID)],
    ['text', `${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}`],
    ['text', `${humanSize(size)}B`.replace(' BB', ' B')],
  ];
}

/** While layers are read, how many are; then what has come of the digests. */
function progress(stacked: StackedImage): readonly Segment[] {
  const { layers } = stacked;
  const unread = layers.filter(({ status }) => status === 'waiting' || status === 'reading').length;
  const reading: Segment[] =
    unread > 0
      ? [['warning', `reading ${layers.length - unread}/${layers.length}`]]
      : stacked.complete
        ? []
        : [['warning', 'comparing contents']];
  const trouble = layers.filter(({ status }) => status === 'missing' || status === 'damaged').length;
  return [
    ...reading,
    ...(trouble === 0 ? [] : [['error', `${trouble} layers missing or damaged`] as const]),
    ...digests(stacked),
  ];
}

function digests({ layers, image, verifiedAll }: StackedImage): readonly Segment[] {
  const verdicts = layers.map(({ verified }) => [verified.digest, verified.diffId]);
  const wrong = verdicts.filter((each) => each.includes(false)).length;
  const right = verdicts.filter((each) => each.includes(true) && !each.includes(false)).length;
  const identity = image.idVerified === false || image.manifestVerified === false;
  const all: Segment[] = identity ? [['error', 'IMAGE ID MISMATCH']] : [];
  if (wrong > 0) all.push(['error', `digests ${right}/${layers.length}, ${wrong} MISMATCH`]);
  else if (right > 0) {
    const token: Token = right === layers.length ? 'added' : 'dim';
    all.push([token, `digests ${right}/${layers.length}${right === layers.length ? ' ok' : ''}`]);
  } else if (!verifiedAll && layers.length > 0) all.push(['dim', 'digests not checked yet']);
  return all;
}
