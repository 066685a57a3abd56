import { render } from 'ink-testing-library';
import { expect, it } from 'vitest';
import { PickScreen } from '../../components/PickScreen.tsx';
import type { LocalImage } from '../../src/image/engines/image-lists.ts';
import { startPick, updatePick } from '../../src/tui/pick.ts';
import { isSafe } from '../../src/text/escape.ts';

const engine = { kind: 'podman', cli: 'podman' } as LocalImage['engine'];
const image = (name: string): LocalImage => ({
  reference: `containers-storage:${name}:1`,
  engine,
  id: `sha256:${'ab'.repeat(32)}`,
  name,
  tag: '1',
  size: 12_000_000,
  created: '2026-11-20T00:00:00Z',
  platforms: [],
});

function frame(names: readonly string[], columns = 100): string {
  const answered = updatePick(startPick(), {
    type: 'answered',
    answer: { engine, images: names.map(image) },
  });
  const pick = updatePick(answered, { type: 'all-answered' });
  const look = { theme: 'none', level: 0, unicode: false } as const;
  const size = { columns, rows: 24 };
  const now = new Date('2026-11-23T00:00:00Z');
  const drawn = render(<PickScreen pick={pick} size={size} look={look} now={now} />).lastFrame()!;
  // Attributes stay without colours; they are the program's own.
  return drawn.replaceAll(/\x1b\[\d+m/g, '');
}

it('lists the images of the engines, then the demonstration image', () => {
  const lines = frame(['shop/app', 'tools/cli']).split('\n');
  expect(lines[0]).toContain('2 local images');
  expect(lines[3]).toMatch(/^> shop\/app +1 +12 MB +3 days abababababab podman/);
  expect(lines[5]).toContain('the built-in demonstration image');
});

it('escapes hostile names', () => {
  const drawn = frame(['evil\u202egnp\x1b[31m']);
  expect(drawn).toContain('\\u{202e}');
  for (const line of drawn.split('\n')) expect(isSafe(line.replaceAll('\\', ''))).toBe(true);
});

it('leaves out whole columns on a narrow screen, the ID first', () => {
  const titles = (columns: number): string => frame(['shop/app'], columns).split('\n')[2]!.trim();
  expect(titles(80)).toMatch(/^name +tag +size +age id +engine$/);
  expect(titles(70)).toMatch(/^name +tag +size +age engine$/);
  expect(titles(60)).toMatch(/^name +tag +size +age$/);
  expect(titles(40)).toMatch(/^name +tag$/);
});
