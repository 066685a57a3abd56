import { stripVTControlCharacters } from 'node:util';
import { renderToString } from 'ink';
import { beforeAll, describe, expect, it } from 'vitest';
import { Screen } from '../../components/Screen.tsx';
import { githubToken } from '../../fixtures/canary.ts';
import { dir, file, symlink, whiteout } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import type { BaseEvidence } from '../../src/history/base.ts';
import { displayWidth } from '../../src/text/width.ts';
import { VIEWS } from '../../src/tui/views.ts';
import { findingOf } from '../tui/finding-of.ts';
import { RETEST } from '../tui/retest-of.ts';
import { after, afterKeys, imageOf, modelOf, type TestImage } from '../tui/stacked-of.ts';

/** An image in which every view has something to show. */
const LAYERS = [
  {
    by: '/bin/sh -c #(nop) ADD file:0123456789abcdef in / ',
    entries: [
      dir('bin/'),
      file('bin/sh', '#'.repeat(1200), { mode: 0o755 }),
      file('bin/su', '#'.repeat(700), { mode: 0o4755 }),
      dir('etc/'),
      file('etc/passwd', 'root:x:0:0\n'),
      symlink('etc/mtab', '/proc/mounts'),
    ],
  },
  { by: '/bin/sh -c #(nop)  CMD ["sh"]' },
  { by: `ENV NPM_TOKEN=${githubToken('views')}` },
  {
    by: 'COPY . /app # buildkit',
    entries: [
      dir('app/'),
      file('app/.env', 'TOKEN=1\n', { mode: 0o600 }),
      file('app/漢字.txt', 'wide'),
      file('app/evil\u202egnp.exe', 'x'),
      dir('app/conf/'),
      file('app/conf/id_rsa', 'x'.repeat(1700), { mode: 0o644 }),
    ],
  },
  {
    by: 'RUN /bin/sh -c chmod u-s /bin/su && rm /app/.env # buildkit',
    entries: [
      dir('bin/'),
      file('bin/su', '#'.repeat(700), { mode: 0o755 }),
      dir('app/'),
      whiteout('app/.env'),
    ],
  },
];

const BASE: readonly BaseEvidence[] = [
  {
    method: 'given',
    confidence: 'proof',
    name: 'base:1',
    digest: null,
    layers: 1,
    reason: 'its diffIDs are the first',
  },
];

const FINDINGS: readonly Finding[] = [
  findingOf('Private key', [{ path: '/app/conf/id_rsa', layer: 1, line: 1, offset: 0 }], {
    severity: 'critical',
    reason: 'it opens with the header of one',
    introducedBy: 'COPY . /app # buildkit',
    remediation: ['Make a new key pair, and take the old one from every authorized_keys.'],
  }),
  findingOf('GitHub token', [{ path: '/app/.env', layer: 1, line: 1, offset: 6 }], {
    state: 'deleted',
    reason: 'checksum valid',
  }),
  findingOf('npm token', [{ surface: 'history', historyIndex: 2 }], { severity: 'medium' }),
  findingOf('Setuid program', [{ path: '/bin/su', layer: 0 }], {
    kind: 'posture',
    severity: 'low',
    redacted: null,
  }),
  findingOf('Password in a test', [{ path: '/app/.env', layer: 1 }], { suppressed: 'it stands in a test' }),
];

let image: TestImage;
beforeAll(async () => {
  image = await imageOf(LAYERS, 'shop/web:1.4');
});

describe('every view', () => {
  for (const [columns, rows] of [
    [80, 24],
    [120, 40],
    [200, 60],
  ] as const) {
    for (const [at, { id }] of VIEWS.entries()) {
      it(`${id} at ${columns} by ${rows}`, async () => {
        const build = { base: BASE, provenance: null };
        const start = modelOf(image, { size: { columns, rows }, baseLayers: 1, build });
        const searched = after(start, { type: 'findings', list: FINDINGS, search: 'done' });
        // Without an earlier report there is no such view.
        const found = id === 'retest' ? after(searched, { type: 'retest', retest: RETEST }) : searched;
        const model = afterKeys(found, `${at + 1} ${id === 'layers' ? '' : 'j'}`);
        const lines = stripVTControlCharacters(renderToString(<Screen model={model} />, { columns }))
          .split('\n')
          .map((line) => line.trimEnd());
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        const text = `${lines.join('\n')}\n`;
        await expect(text).toMatchFileSnapshot(`views/${id}-${columns}x${rows}.txt`);
      });
    }
  }
});
