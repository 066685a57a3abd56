import type { Package } from '../package.ts';
import { filesOfRpm, openRpmHeader, packageOfRpm, type RpmFile, type RpmHeader } from './rpm-header.ts';
import { readSqliteTable } from './sqlite-table.ts';

/** A file of an rpm package. */
export interface RpmPackageFile extends RpmFile {
  readonly package: Package;
}

/**
 * Parses the rpm database in SQLite format: a table `Packages` with a header in each row.
 * @returns null if the database cannot be read
 */
export function readRpm(content: Uint8Array): Package[] | null {
  return (
    headersOf(content)?.flatMap((header) => {
      const pkg = packageOfRpm(header);
      return pkg === null ? [] : [pkg];
    }) ?? null
  );
}

/** Returns the files with a checksum of all packages; none if the database cannot be read. */
export function* readRpmFiles(content: Uint8Array): Generator<RpmPackageFile> {
  for (const header of headersOf(content) ?? []) {
    const pkg = packageOfRpm(header);
    if (pkg === null) continue;
    for (const file of filesOfRpm(header)) yield { ...file, package: pkg };
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
