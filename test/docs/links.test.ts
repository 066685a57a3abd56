import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const top = path.join(import.meta.dirname, '../..');
const docs = readdirSync(path.join(top, 'docs')).filter((name) => name.endsWith('.md'));
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs.map((name) => `docs/${name}`)];

/** Returns the anchors of a page, made from its headings as GitHub makes them. */
function anchorsOf(file: string): Set<string> {
  const headings = readFileSync(file, 'utf8').match(/^#+ .*$/gm) ?? [];
  return new Set(
    headings.map((heading) =>
      heading
        .replace(/^#+ /, '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

it.each(pages)('leads from %s to files and headings that exist', (page) => {
  const links = [...readFileSync(path.join(top, page), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(
    ([, link]) => link!,
  );
  const broken = links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [target, anchor] = link.split('#');
    const file = target === '' ? path.join(top, page) : path.join(top, path.dirname(page), target!);
    return !existsSync(file) || (anchor !== undefined && !anchorsOf(file).has(anchor));
  });
  expect(broken).toEqual([]);
});
