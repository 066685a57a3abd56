import type { Finding, Occurrence } from '../finding/finding.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import type { ShippedRecords } from './shipped-records.ts';
import { type FileInLayer, fileKey, shippedBy } from './provenance.ts';

/**
 * Demotes secrets that stand in nothing but files that a package ships as they are: what everybody has is
 * nobody's secret. One occurrence elsewhere keeps a finding loud.
 * @param records what the databases record, where the caller has it already
 * @throws Problem `cancelled`
 */
export async function demoteShipped(
  findings: readonly Finding[],
  stacked: StackedImage,
  signal: AbortSignal | undefined,
  records?: ShippedRecords,
): Promise<Finding[]> {
  const candidates = findings.filter(
    ({ demoted, kind, occurrences }) =>
      kind === 'secret' && demoted === null && occurrences.every((each) => fileOf(each) !== null),
  );
  const files = new Map(
    candidates
      .flatMap(({ occurrences }) => occurrences)
      .map((occurrence) => fileOf(occurrence)!)
      .map((file) => [fileKey(file), file]),
  );
  const shipped = await shippedBy(stacked, [...files.values()], signal, records);
  if (shipped.size === 0) return [...findings];
  const demotable = new Set(candidates);
  return findings.map((finding) => {
    if (!demotable.has(finding)) return finding;
    const by = finding.occurrences.map((occurrence) => shipped.get(fileKey(fileOf(occurrence)!)));
    if (by.some((each) => each === undefined)) return finding;
    return { ...finding, demoted: `shipped by ${[...new Set(by)].join(', ')}` };
  });
}

/** The file that an occurrence stands in; null outside the layers' final members. */
function fileOf({ removedIn, where }: Occurrence): FileInLayer | null {
  const { layer, path, surface } = where;
  if (surface !== 'file' || layer === null || path === null) return null;
  // A member that a later one of the same tar replaced: the path's content is another.
  return removedIn === layer ? null : { layer, path };
}
