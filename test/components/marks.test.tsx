import { renderToString } from 'ink';
import { expect, it } from 'vitest';
import { Screen } from '../../components/Screen.tsx';
import { dir, file } from '../../fixtures/tar.ts';
import { findingOf } from '../tui/finding-of.ts';
import { after, imageOf, modelOf } from '../tui/stacked-of.ts';

it('underlines only the finding mark without colours', async () => {
  const image = await imageOf([
    { by: 'COPY . /app', entries: [dir('app/'), file('app/.env', 'x')] },
    { by: 'CMD ["sh"]' },
  ]);
  const list = [findingOf('token', [{ path: '/app/.env', layer: 0, line: 1, offset: 0 }])];
  const model = after(modelOf(image), { type: 'findings', list, search: 'done' });
  const drawn = renderToString(<Screen model={model} />, { columns: 100 });
  const underlined = [...drawn.matchAll(/\x1b\[4m(?:\x1b\[\d+m)*([^\x1b]*)/g)].map(([, text]) => text);
  expect(underlined).toContain('!1');
  expect(underlined.filter((text) => text!.trim() !== text)).toEqual([]);
});
