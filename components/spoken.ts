import { countFindings } from '../src/finding/finding.ts';
import { countText } from '../src/report/finding-lines.ts';
import { escapeText } from '../src/text/escape.ts';
import type { CommandName } from '../src/tui/commands.ts';
import { keyLabel } from '../src/tui/key-names.ts';
import { keyOf } from '../src/tui/keymap.ts';
import type { Model } from '../src/tui/model.ts';
import { spokenPlace } from './spoken-place.ts';

/**
 * Returns the lines that a screen reader speaks after a change: what appeared, and the selected row.
 * @param before the model before the change; null at the start
 * @returns no lines if nothing relevant changed
 */
export function spoken(before: Model | null, model: Model): readonly string[] {
  const place = spokenPlace(model);
  if (before === null) {
    return [`exhume, ${escapeText(model.source)}. ${wayAbout(model)}.`, place.head];
  }
  const was = spokenPlace(before);
  const lines: string[] = [];
  const isRead = (each: Model): boolean => each.stacked?.complete === true;
  if (isRead(model) && !isRead(before)) {
    const { image, layers } = model.stacked!;
    const name = image.names[0] ?? image.source;
    lines.push(
      `${escapeText(name)} has been read: ${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}.`,
    );
  }
  if (model.findings.search === 'done' && before.findings.search !== 'done') {
    lines.push(`Scan finished: ${countText(countFindings(model.findings.list))}.`);
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
  return [...(help === '' ? [] : [`${help} lists the keys`]), `${quit} quits`].join(', ');
}
