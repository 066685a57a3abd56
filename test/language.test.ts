import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const top = path.join(import.meta.dirname, '..');

/**
 * Phrases that are translations or coined terms, not plain English, and what to write instead. The list is short on
 * purpose: a phrase that is often right does not belong here.
 */
const PHRASES: Readonly<Record<string, string>> = {
  'is none': 'is not a …',
  'held against': 'compared with',
  'no container sees': 'not visible in the container',
  'is there already': 'already exists',
  'stands here': 'is here',
  'of your own': 'your own …, custom …',
  'told apart': 'distinguished',
  'gone since': 'deleted in, removed by',
  'brought by': 'introduced by',
  'goes by': 'is read, passes',
  ghosts: 'deleted files',
  demoted: 'suppressed',
};

/** What the line, or the file name, looks like where a phrase is right. */
const ALLOWED: Readonly<Record<string, RegExp>> = {
  // "Returns null if there is none" is plain English; "what is none" is not.
  'is none': /\bthere is none\b/i,
  // Reports and cases of schema version 1, and the former name of the option.
  demoted: /\bv1\b|version[- ]?1\b|show-demoted/,
  // The name of the view in earlier key and state files.
  ghosts: /version[- ]?1\b/,
};

interface Hit {
  readonly at: string;
  readonly phrase: string;
}

/** Between two words there may be a line break, the start of a comment's next line, or the seam of two literals. */
const BETWEEN = String.raw`(?:[\s*/#>]|['"\x60]\s*\+\s*['"\x60])+`;

const patterns = Object.keys(PHRASES).map((phrase) => ({
  phrase,
  pattern: new RegExp(String.raw`\b${phrase.split(' ').join(BETWEEN)}\b`, 'gi'),
}));

function filesBelow(directory: string, names: RegExp): string[] {
  return readdirSync(path.join(top, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => names.test(name) && !name.endsWith('.wasm.ts'))
    .map((name) => `${directory}/${name}`);
}

/** Everything that a user or a contributor reads. */
const files = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...filesBelow('docs', /\.md$/),
  ...filesBelow('src', /\.(?:tsx?|json)$/),
  ...filesBelow('components', /\.tsx?$/),
  ...filesBelow('fixtures', /\.tsx?$/),
  ...filesBelow('test', /\.tsx?$/).filter((name) => name !== 'test/language.test.ts'),
];

/** Returns the phrases in a text, with the line on which each begins. */
function hitsIn(name: string, text: string): Hit[] {
  return patterns.flatMap(({ pattern, phrase }) =>
    [...text.matchAll(pattern)].flatMap(({ index }) => {
      const lineStart = text.lastIndexOf('\n', index) + 1;
      const lineEnd = `${text}\n`.indexOf('\n', index);
      const line = text.slice(lineStart, lineEnd);
      if (ALLOWED[phrase]?.test(`${name}\n${line}`) === true) return [];
      return [{ at: `${name}:${text.slice(0, index).split('\n').length}`, phrase }];
    }),
  );
}

const COMMENT = /\/\*[^]*?\*\/|\/\/.*$/gm;
/** The title of a test: the first argument of `it`, `describe` or `test`, also after the table of `it.each`. */
const TITLE = /(?:\b(?:it|test|describe)(?:\.\w+)*|\))\(\s*(['"\x60])(?:\\.|(?!\1)[^\\])*\1/g;

/** Blanks out everything except comments and titles of tests. Lines keep their numbers. */
function commentsAndTitles(text: string): string {
  const kept = [...text.matchAll(COMMENT), ...text.matchAll(TITLE)]
    .map(({ 0: match, index }) => [index, index + match.length] as const)
    .toSorted(([a], [b]) => a - b);
  let end = 0;
  let result = '';
  for (const [from, to] of kept) {
    if (to <= end) continue;
    result += blank(text.slice(end, Math.max(from, end))) + text.slice(Math.max(from, end), to);
    end = to;
  }
  return result + blank(text.slice(end));
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]+/g, ';');
}

it('finds a phrase across the lines of a comment, in any case, and between two literals', () => {
  const [first, second] = ['is', 'none'];
  const texts = [
    `${first} ${second}`,
    `${first.toUpperCase()}\n${second}`,
    `/**\n * What ${first}\n * ${second}.\n */`,
    `// ${first}\n  // ${second}`,
    `'what ${first} ' +\n  '${second} of it'`,
  ];
  for (const text of texts) expect(hitsIn('a.ts', text), text).toHaveLength(1);
  for (const text of [`${first} nonexistent; this ${second}`, `null if there ${first} ${second}`]) {
    expect(hitsIn('a.ts', text), text).toEqual([]);
  }
});

it('reads comments and titles of tests, and not the data of tests', () => {
  const text = "it('a title', () => {\n  const a = 'data'; // a comment\n});\nit.each([b()])('second', c);\n";
  const read = commentsAndTitles(text);
  expect(read.split('\n')).toHaveLength(text.split('\n').length);
  for (const part of ['a title', '// a comment', 'second']) expect(read).toContain(part);
  expect(read).not.toContain('data');
});

it('finds no such phrase in what users and contributors read', () => {
  const hits = files.flatMap((name) => {
    const text = readFileSync(path.join(top, name), 'utf8');
    return hitsIn(name, /^(?:fixtures|test)\//.test(name) ? commentsAndTitles(text) : text);
  });
  expect(hits.map(({ at, phrase }) => `${at}: "${phrase}" (write: ${PHRASES[phrase]!})`)).toEqual([]);
});
