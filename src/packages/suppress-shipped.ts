import type { Finding, Occurrence } from '../finding/finding.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import type { ShippedRecords } from './shipped-records.ts';
import { type FileInLayer, fileKey, shippedBy } from './provenance.ts';

/**
 * Suppresses secrets that are found only in unmodified files of packages: anyone can download these, so
 * the value is not a secret. An occurrence anywhere else keeps the finding reported.
 * @param records checksum records, if the caller has read them already
 * @throws Problem `cancelled`
 */
export async function suppressShipped(
  findings: readonly Finding[],
  stacked: StackedImage,
  signal: AbortSignal | undefined,
  records?: ShippedRecords,
): Promise<Finding[]> {
  const candidates = findings.filter(
    ({ suppressed, kind, occurrences }) =>
      kind === 'secret' && suppressed === null && occurrences.every((each) => fileOf(each) !== null),
  );
  const files = new Map(
    candidates
      .flatMap(({ occurrences }) => occurrences)
      .map((occurrence) => fileOf(occurrence)!)
      .map((file) => [fileKey(file), file]),
  );
  const shipped = await shippedBy(stacked, [...files.values()], signal, records);
  if (shipped.size === 0) return [...findings];
  const suppressible = new Set(candidates);
  return findings.map((finding) => {
    if (!suppressible.has(finding)) return finding;
    const by = finding.occurrences.map((occurrence) => shipped.get(fileKey(fileOf(occurrence)!)));
    if (by.some((each) => each === undefined)) return finding;
    return { ...finding, suppressed: `shipped by ${[...new Set(by)].join(', ')}` };
  });
}

/** Returns the file of an occurrence; null if it is not in a file, or in a tar member that the same layer replaced. */
function fileOf({ removedIn, where }: Occurrence): FileInLayer | null {
  const { layer, path, surface } = where;
  if (surface !== 'file' || layer === null || path === null) return null;
  // A later member of the same tar replaced this one, so the path has other content.
  return removedIn === layer ? null : { layer, path };
}
