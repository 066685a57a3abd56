import type { Package } from '../package.ts';
import { filesOfRpm, openRpmHeader, packageOfRpm, type RpmFile, type RpmHeader } from './rpm-header.ts';
import { readSqliteTable } from './sqlite-table.ts';

/** A file of a package of rpm. */
export interface RpmPackageFile extends RpmFile {
  readonly package: Package;
}

/**
 * Packages of rpm's database in the form of SQLite: a table `Packages` with a header in every row.
 * @returns null where it cannot be read: what it would list is not known
 */
export function readRpm(content: Uint8Array): Package[] | null {
  return (
    headersOf(content)?.flatMap((header) => {
      const made = packageOfRpm(header);
      return made === null ? [] : [made];
    }) ?? null
  );
}

/** Files with a checksum of its packages; none where it cannot be read. */
export function* readRpmFiles(content: Uint8Array): Generator<RpmPackageFile> {
  for (const header of headersOf(content) ?? []) {
    const made = packageOfRpm(header);
    if (made === null) continue;
    for (const file of filesOfRpm(header)) yield { ...file, package: made };
  }
}

function headersOf(content: Uint8Array): RpmHeader[] | null {
  const rows = readSqliteTable(content, 'Packages');
  if (rows === null) return null;
  const headers = rows.map((row) => {
    const blob = row.find((value) => value instanceof Uint8Array);
    return blob === undefined ? null : openRpmHeader(blob);
  });
  return headers.includes(null) ? null : headers.filter((header) => header !== null);
}
