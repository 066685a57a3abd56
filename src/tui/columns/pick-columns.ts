import { engineName } from '../../image/engines/engine.ts';
import type { LocalImage } from '../../image/engines/image-lists.ts';
import { escapeText } from '../../text/escape.ts';
import { humanSize } from '../../text/size.ts';
import { ageText } from '../../text/time.ts';
import { shortId } from '../pick.ts';
import { type Column, column } from './column.ts';

/**
 * Returns the columns of the picker of local images. Every text is escaped: names come from whoever made the image.
 * @param now for the age
 */
export function pickColumns(now: Date): readonly Column<LocalImage>[] {
  const age = ({ created }: LocalImage): string => (created === null ? '' : ageText(created, now));
  return [
    column({
      title: 'name',
      width: null,
      least: 12,
      cut: 'middle',
      cell: ({ name }) => (name === '' ? '<none>' : escapeText(name)),
    }),
    column({
      title: 'tag',
      width: 16,
      cell: ({ tag }) => (tag === '' ? '<none>' : escapeText(tag)),
    }),
    column({
      title: 'size',
      width: 7,
      least: 0,
      rank: 3,
      align: 'right',
      cell: sizeOf,
      said: sizeOf,
    }),
    column({
      title: 'age',
      width: 14,
      least: 0,
      rank: 2,
      align: 'right',
      cell: age,
      said: (image) => (image.created === null ? '' : `${age(image)} old`),
    }),
    column({
      title: 'id',
      width: 12,
      least: 0,
      cell: ({ id }) => escapeText(shortId(id)),
      said: () => '',
    }),
    column({
      title: 'engine',
      width: 10,
      least: 0,
      rank: 1,
      cell: ({ engine }) => escapeText(engineName(engine)),
      said: ({ engine }) => `in ${escapeText(engineName(engine))}`,
    }),
  ];
}

function sizeOf({ size }: LocalImage): string {
  return size === null ? '' : humanSize(size);
}
