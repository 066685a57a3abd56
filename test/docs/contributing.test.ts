import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const top = path.join(import.meta.dirname, '../..');
const text = readFileSync(path.join(top, 'CONTRIBUTING.md'), 'utf8');

/** Files and directories that exist only after a build. */
const BUILT = /^(?:dist|package)\//;

/** Returns what is in backticks on the page and looks like a path: it contains a slash, or ends like a file here. */
function namedPaths(): string[] {
  const spans = text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/`([^`\s]+)`/g);
  const names = [...spans].map(([, span]) => span!);
  return [...new Set(names)].filter((name) => /\/|\.(?:ts|tsx|js|json|md)$/.test(name) && !BUILT.test(name));
}

it('names the files to change for each kind of addition', () => {
  const names = namedPaths();
  for (const room of ['secrets/rules', 'image/forms', 'tui/panes', 'report/formats', 'posture/checks']) {
    expect(
      names.filter((name) => name.startsWith(`src/${room}`)),
      room,
    ).not.toEqual([]);
  }
});

it.each(namedPaths())('names %s, which exists', (name) => {
  expect(globSync(name, { cwd: top })).not.toEqual([]);
});
