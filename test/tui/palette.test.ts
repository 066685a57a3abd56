import { beforeAll, describe, expect, it } from 'vitest';
import { dir, file } from '../../fixtures/tar.ts';
import type { CommandName } from '../../src/tui/commands.ts';
import { paletteEntries } from '../../src/tui/palette-entries.ts';
import { after, afterKeys, imageOf, modelOf, type TestImage } from './stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([{ by: 'COPY . /app', entries: [dir('app/'), file('app/.env', 'x')] }]);
});

/** What the palette offers once this is typed. */
function offered(typed: string): CommandName[] {
  const searched = after(modelOf(image), { type: 'findings', list: [], search: 'done' });
  const model = after(afterKeys(searched, ':'), { type: 'text', text: typed });
  const overlay = model.overlays.at(-1);
  return overlay?.kind === 'palette' ? paletteEntries(model, overlay).map(({ command }) => command) : [];
}

describe('the palette', () => {
  it('finds a command by title, help or action name', () => {
    expect(offered('palette')).not.toContain('palette');
    expect(offered('write rep')[0]).toBe('ask-export');
    expect(offered('remediation')[0]).toBe('ask-export');
    expect(offered('export')[0]).toBe('ask-export');
  });

  it('is empty if no command matches', () => {
    expect(offered('qqqq')).toEqual([]);
  });
});
