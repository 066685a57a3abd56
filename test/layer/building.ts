import type { FixtureEntry } from '../../fixtures/tar.ts';
import { packTar } from '../../fixtures/tar.ts';
import type { LayerColumns } from '../../src/layer/index-columns.ts';
import { LayerIndexBuilder } from '../../src/layer/index-builder.ts';
import type { PathTable } from '../../src/layer/path-table.ts';
import { sparseGet } from '../../src/layer/sparse-bytes.ts';
import { ENTRY_TYPE_NAMES } from '../../src/tar/member.ts';
import type { TarWarning } from '../../src/tar/member.ts';
import { TarParser } from '../../src/tar/parser.ts';

/** An index and its paths. */
export interface Built {
  readonly columns: LayerColumns;
  readonly paths: PathTable;
  readonly warnings: readonly TarWarning[];
}

/** Indexes a tar in memory. */
export function indexTar(tar: Uint8Array): Built {
  const builder = new LayerIndexBuilder({ hashContents: 'none', expected: 1 });
  const parser = new TarParser(builder);
  parser.feed(tar, 0);
  parser.end(tar.length);
  const { columns } = builder.finish();
  return { columns, paths: builder.paths, warnings: builder.warnings };
}

/** Indexes entries as tar-stream or the fixtures write them. */
export async function indexEntries(...entries: FixtureEntry[]): Promise<Built> {
  return indexTar(await packTar(entries));
}

/** Returns the paths of the entries in order, as Latin-1 text. */
export function pathsOf({ columns, paths }: Built): string[] {
  return [...columns.path].map((id) => latin1(paths.path(id)));
}

/** Returns the whiteouts as `path` or `opaque:path`. */
export function whiteoutsOf({ columns, paths }: Built): string[] {
  return [...columns.whiteoutPath].map(
    (id, i) => `${columns.whiteoutKind[i] === 1 ? 'opaque:' : ''}${latin1(paths.path(id))}`,
  );
}

/** Returns the raw name stored for each entry, or null if its path is enough. */
export function rawNamesOf({ columns }: Built): (string | null)[] {
  return Array.from({ length: columns.count }, (_, i) => {
    const raw = sparseGet(columns.rawNames, i);
    return raw === null ? null : latin1(raw);
  });
}

export function typesOf({ columns }: Built): string[] {
  return [...columns.type].map((type) => ENTRY_TYPE_NAMES[type]!);
}

export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
