import { escapeText } from '../src/text/escape.ts';
import { lineText } from '../src/tui/line-edit.ts';
import type { Model } from '../src/tui/model.ts';
import type { Overlay } from '../src/tui/overlay.ts';
import { helpLines } from '../src/tui/selectors/help-lines.ts';
import { imageEntries } from '../src/tui/selectors/image-entries.ts';
import { paletteEntries } from '../src/tui/palette-entries.ts';
import { showOptions } from '../src/tui/selectors/show-options.ts';
import { promptHint, promptTitle } from './prompt-line.ts';

/** Lines of a preview that are spoken at once. */
const PAGE = 20;

/** Where the user is, and the selected row there. */
export interface SpokenPlace {
  readonly head: string;
  /** Several lines for text. */
  readonly row: string;
}

/** Describes an overlay and its selected row. */
export function overlayPlace(model: Model, overlay: Overlay): SpokenPlace {
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
      return {
        head: 'Commands. Type to search, Enter runs the command.',
        row: chosen(words, overlay.cursor),
      };
    }
    case 'images': {
      const words = imageEntries(model, overlay).map(({ image, name }) => `${name}, ${image.platform}`);
      return { head: 'Images in this archive. Enter opens one.', row: chosen(words, overlay.cursor) };
    }
    case 'jump': {
      const words = overlay.found.map(({ text }) => text);
      const typed = lineText(overlay.line) === '' ? '' : chosen(words, overlay.cursor);
      return { head: 'Go to path. Type to search, Enter goes to the path.', row: typed };
    }
    case 'prompt': {
      const hint = promptHint(overlay);
      const title = promptTitle(overlay).replace(/:$/, '');
      const text = escapeText(lineText(overlay.line));
      return {
        head: `Prompt: ${title}${hint === '' ? '' : ` (${hint})`}.`,
        row: overlay.error === null ? text : `${text}: ${overlay.error}`,
      };
    }
    case 'menu': {
      const words = showOptions(model).map(({ on, title }) => `${title.trim()}, ${on ? 'on' : 'off'}`);
      return { head: 'Show and hide. Space toggles.', row: chosen(words, overlay.cursor) };
    }
    case 'preview': {
      const { preview, top } = overlay;
      if (preview === null) return { head: 'Reading the content.', row: '' };
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
  return text === undefined ? 'no match' : `${text}. ${cursor + 1} of ${words.length}.`;
}
