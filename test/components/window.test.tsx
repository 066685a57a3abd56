import { renderToString } from 'ink';
import type { ReactNode } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { Screen } from '../../components/Screen.tsx';
import { rawHeader } from '../../fixtures/raw-header.ts';
import { TreeView } from '../../src/tui/tree/tree-view.ts';
import { ledgerOfTars } from '../ledger-of.ts';
import { afterKeys, imageOfLedger, modelOf } from '../tui/stacked-of.ts';

const mounted = vi.hoisted(() => ({ rows: 0 }));
vi.mock('../../components/Row.tsx', async (load) => {
  const { Row } = await load<{ Row: (props: { readonly text: string }) => ReactNode }>();
  return {
    Row: ({ text }: { readonly text: string }) => {
      mounted.rows++;
      return <Row text={text} />;
    },
  };
});

/** A screen on one folder of so many files, open, somewhere in its middle. */
async function insideFolderOf(files: number) {
  const tar = Buffer.alloc((files + 3) * 512);
  rawHeader({ name: 'd/', typeflag: '5', mode: 0o755 }).copy(tar, 0);
  for (let i = 0; i < files; i++) {
    rawHeader({ name: `d/file-${i}`, typeflag: '0', mode: 0o644 }).copy(tar, (i + 1) * 512);
  }
  const ledger = await ledgerOfTars([tar]);
  const image = imageOfLedger(ledger, [{ by: 'COPY . /', entries: [] }]);
  const model = modelOf(image, { size: { columns: 120, rows: 40 } });
  return afterKeys(model, 'tab home l pagedown pagedown');
}

async function workFor(files: number): Promise<{ mounted: number; produced: number }> {
  const model = await insideFolderOf(files);
  mounted.rows = 0;
  const rows = vi.spyOn(TreeView.prototype, 'rows');
  try {
    renderToString(<Screen model={model} />, { columns: 120 });
    const produced = rows.mock.results.reduce((sum, { value }) => sum + (value as unknown[]).length, 0);
    return { mounted: mounted.rows, produced };
  } finally {
    rows.mockRestore();
  }
}

describe('a frame', () => {
  it('builds only the visible rows', async () => {
    const small = await workFor(100);
    const large = await workFor(50_000);
    expect(large).toEqual(small);
    expect(large.produced).toBeLessThanOrEqual(40);
    expect(large.mounted).toBeLessThanOrEqual(100);
  });
});
