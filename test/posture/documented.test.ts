import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { SEVERITIES } from '../../src/finding/finding.ts';
import { CHECKS } from '../../src/posture/catalogue.ts';

const DOCUMENT = path.join(import.meta.dirname, '../../docs/posture.md');

it('lists every check in docs/posture.md, with id, title, severities and references', () => {
  const rows = readFileSync(DOCUMENT, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1));
  expect(rows.map((cells) => cells.map((cell) => cell.trim()))).toEqual(
    CHECKS.map(({ id, references, severities, title }) => [
      `\`${id}\``,
      title,
      severities.join(', '),
      references.join(', '),
    ]),
  );
});

it('orders the severities of each check, the worst first', () => {
  for (const { id, severities } of CHECKS) {
    expect(severities, id).toEqual(SEVERITIES.filter((each) => severities.includes(each)));
    expect(severities.length, id).toBeGreaterThan(0);
  }
});

it('has titles that fit a column of 40 characters', () => {
  for (const { id, title } of CHECKS) expect(title.length, `${id}: ${title}`).toBeLessThanOrEqual(40);
});
