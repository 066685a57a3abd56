import { expect, it } from 'vitest';
import type { Where } from '../../src/finding/where.ts';
import { whereText } from '../../src/report/finding-lines.ts';

const NOWHERE: Where = {
  surface: 'file',
  layer: 2,
  path: '/app/x',
  line: null,
  offset: null,
  key: null,
  historyIndex: null,
  inside: [],
};

it.each<[Partial<Where>, string]>([
  [{ line: 4 }, 'layer 2 /app/x:4'],
  [{ key: 'link target' }, 'layer 2 /app/x (link target)'],
  [{ key: 'xattr user.\u001b[1m' }, 'layer 2 /app/x (xattr user.\\x1b[1m)'],
  [{ line: 1, inside: ['gzip', 'tar:a'] }, 'layer 2 /app/x:1 (in gzip > tar:a)'],
  [{ surface: 'env', layer: null, path: null, key: 'TOKEN' }, 'ENV TOKEN'],
  [{ surface: 'history', layer: null, path: null, historyIndex: 12 }, 'history 12'],
])('formats the place %j as "%s"', (where, text) => {
  expect(whereText({ ...NOWHERE, ...where })).toBe(text);
});
