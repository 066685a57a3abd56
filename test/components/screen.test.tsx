import { stripVTControlCharacters } from 'node:util';
import { renderToString } from 'ink';
import { beforeAll, describe, expect, it } from 'vitest';
import { Screen } from '../../components/Screen.tsx';
import { dir, file, opaque, symlink, whiteout } from '../../fixtures/tar.ts';
import type { Model, Size } from '../../src/tui/model.ts';
import { after, afterKeys, imageOf, modelOf, type TestImage } from '../tui/stacked-of.ts';

/** Small, and something of everything. */
const LAYERS = [
  {
    by: 'ADD file:0123456789abcdef in /',
    entries: [
      dir('bin/'),
      file('bin/sh', '#'.repeat(1200), { mode: 0o755 }),
      file('bin/su', '#'.repeat(700), { mode: 0o4755 }),
      dir('etc/'),
      file('etc/passwd', 'root:x:0:0\n'),
      symlink('etc/mtab', '/proc/mounts'),
      dir('tmp/', { mode: 0o1777 }),
    ],
  },
  { by: 'CMD ["sh"]' },
  {
    by: 'COPY app/ /app/',
    entries: [
      dir('app/'),
      file('app/.env', 'TOKEN=1\n', { mode: 0o600 }),
      file('app/server.js', 'x'.repeat(4000)),
      dir('app/data/'),
      file('app/data/orders.csv', '1,2\n'.repeat(9000)),
    ],
  },
  {
    by: 'RUN adduser app && chmod 600 /etc/passwd',
    entries: [dir('etc/'), file('etc/passwd', 'root:x:0:0\napp:x:1:1\n', { mode: 0o600 })],
  },
  {
    by: 'RUN rm -rf /app/.env /app/data/*',
    entries: [dir('app/'), whiteout('app/.env'), dir('app/data/'), opaque('app/data')],
  },
];

let image: TestImage;
beforeAll(async () => {
  image = await imageOf(LAYERS, 'shop/web:1.4');
});

function drawn(model: Model): string {
  const { columns, rows } = model.size;
  const lines = stripVTControlCharacters(renderToString(<Screen model={model} />, { columns }))
    .split('\n')
    .map((line) => line.trimEnd());
  expect(lines.length).toBeLessThanOrEqual(rows);
  return `${lines.join('\n')}\n`;
}

const screen = (size: Size): Model => modelOf(image, { size });

describe('the layers view', () => {
  for (const [columns, rows] of [
    [80, 24],
    [120, 40],
    [160, 45],
  ] as const) {
    it(`at ${columns} by ${rows}`, async () => {
      const model = afterKeys(screen({ columns, rows }), '# 3 enter tab n n');
      await expect(drawn(model)).toMatchFileSnapshot(`screens/layers-${columns}x${rows}.txt`);
    });
  }

  it('draws the final tree, expanded', async () => {
    const model = afterKeys(screen({ columns: 100, rows: 30 }), 'f tab *');
    await expect(drawn(model)).toMatchFileSnapshot('screens/final-100x30.txt');
  });

  it('draws the path history in focus', async () => {
    const model = afterKeys(screen({ columns: 100, rows: 30 }), '] ] tab tab left');
    await expect(drawn(model)).toMatchFileSnapshot('screens/track-100x30.txt');
  });

  it('draws layers that are being read', async () => {
    const [first, ...others] = image.stacked.layers;
    const reading = {
      ...image.stacked,
      complete: false,
      verifiedAll: false,
      layers: [
        { ...first!, status: 'reading' as const, progress: 512, verified: { digest: null, diffId: null } },
        ...others.map((layer) => ({
          ...layer,
          status: 'waiting' as const,
          tarSize: null,
          verified: { digest: null, diffId: null },
        })),
      ],
    };
    const text = drawn(
      after(screen({ columns: 80, rows: 24 }), { type: 'stacked', ...image, stacked: reading }),
    );
    expect(text).toContain('reading 0/4');
    expect(text).toContain('[####....] 50%');
    expect(text).toContain('waiting');
  });

  it('reports a digest mismatch', () => {
    const [first, ...others] = image.stacked.layers;
    const forged = [{ ...first!, verified: { digest: true, diffId: false } }, ...others];
    const stacked = { ...image.stacked, layers: forged };
    const text = drawn(after(screen({ columns: 120, rows: 30 }), { type: 'stacked', ...image, stacked }));
    expect(text).toContain('digests 3/4, 1 MISMATCH');
    expect(text).toContain('DIGEST MISMATCH');
  });

  it('explains an instruction without a layer', () => {
    expect(drawn(afterKeys(screen({ columns: 80, rows: 24 }), 'j'))).toContain(
      'this instruction created no layer',
    );
  });
});

describe('over the view', () => {
  it('lists the keys of the focused pane first in the help', async () => {
    const model = afterKeys(screen({ columns: 100, rows: 30 }), 'tab ?');
    await expect(drawn(model)).toMatchFileSnapshot('screens/help-100x30.txt');
  });

  it('lists available commands in the palette', () => {
    const text = drawn(afterKeys(screen({ columns: 80, rows: 24 }), ': c o m p'));
    expect(text).toContain('> Compare from this layer');
  });

  it('draws the Show menu', () => {
    const text = drawn(afterKeys(screen({ columns: 80, rows: 24 }), 't down down down space'));
    expect(text).toContain('> [ ] - deleted');
    expect(text).toContain('[x] + added');
  });

  it('draws the results of the path search', () => {
    const path = image.stacked.ledger.paths.lookup(Buffer.from('/app/.env'));
    const found = [{ path, text: '/app/.env', letters: [6, 7, 8], score: 1 }];
    const progress = { found, searched: 11, total: 11, matches: 1 };
    const model = after(afterKeys(screen({ columns: 80, rows: 24 }), 'g e n v'), {
      type: 'found',
      query: 'env',
      ...progress,
    });
    const text = drawn(model);
    expect(text).toContain('> /app/.env');
    expect(text).toContain('1 of 12 paths');
  });

  it('draws a prompt in the foot line', () => {
    const text = drawn(afterKeys(screen({ columns: 80, rows: 24 }), '/ * . j s'));
    expect(text.trimEnd().split('\n').at(-1)).toMatch(/^ filter: \*\.js .*regexp/);
  });
});

describe('any size', () => {
  it('shows a hint below 80 by 24', () => {
    expect(drawn(screen({ columns: 60, rows: 12 }))).toContain('exhume needs 80 columns and 24 rows');
  });

  it('keeps every row within the screen', () => {
    for (const [columns, rows] of [
      [80, 24],
      [97, 31],
      [143, 50],
      [300, 100],
    ] as const) {
      for (const keys of ['', '?', ':', 'g', 't', '/ x', 'f tab *', 'z', 'tab z', 'tab tab z', '4', '6']) {
        const lines = drawn(afterKeys(screen({ columns, rows }), keys))
          .trimEnd()
          .split('\n');
        expect(lines.every((line) => line.length <= columns)).toBe(true);
        expect(lines.length).toBeLessThanOrEqual(rows);
      }
    }
  });
});
