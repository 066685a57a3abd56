import { flagFindings } from '../case/flag-findings.ts';
import type { Case } from '../case/case.ts';
import { compareFindings, type Finding } from '../finding/finding.ts';
import { rebuildDockerfile } from '../history/dockerfile.ts';
import { incompleteOf } from '../ledger/incomplete.ts';
import { dockerfileFacts } from '../report/dockerfile-facts.ts';
import { digestTally, historyFacts, imageFacts, type LayerFacts, layerFacts } from '../report/image-facts.ts';
import { buildReport, type Report, type SharingImage } from '../report/report.ts';
import { caseContent } from './case-content.ts';
import { findAll } from './find-all.ts';
import { hashInput } from './hash-input.ts';
import { openOtherImage } from './open-archive.ts';
import type { Session } from './session.ts';
import { VERSION } from './version.ts';

/** The inputs of a report besides the session. */
export interface ReportInput {
  /** The image as the user named it; undefined for the demonstration image. */
  readonly name: string | undefined;
  /** SHA-256 of the input before it was read, hexadecimal; null if it is not a single file. */
  readonly hashBefore: string | null;
  /** The case about the image; its decisions, flags and log go into the report. */
  readonly held?: Case | null;
  /** Receives the values by finding id, for a report that reveals them. */
  readonly values?: Map<string, Uint8Array> | null;
  /** Other images: the report says which layers they share with this one. */
  readonly also?: readonly string[];
}

/**
 * Scans the image and builds its report.
 * @throws Problem `cancelled`; as {@link openOtherImage} does
 */
export async function makeReport(session: Session, input: ReportInput): Promise<Report> {
  const { base, history, masker, origins, provenance, stacked } = session;
  const { also = [], held = null, name, values = null } = input;
  const { decisions, flags, goals, log } = caseContent(held, masker);
  const flagged = flagFindings(flags, { ...session, ledger: stacked.ledger });
  const found = await findAll(session, values === null ? {} : { values });
  const findings = [...flagged, ...found].toSorted(compareFindings);
  const layers = layerFacts(stacked, history, origins, masker);
  const rebuilt = rebuildDockerfile(history, stacked.image.config, base);
  const sharing: SharingImage[] = [];
  for (const other of also) sharing.push(await sharingImage(other, session, layers, findings));
  return buildReport({
    // An image from standard input cannot be opened again by name.
    openedAs: name === undefined || name === '-' ? null : name,
    image: imageFacts(stacked),
    layers,
    history: historyFacts(history, masker),
    base,
    dockerfile: dockerfileFacts(rebuilt, base, provenance, history, masker),
    reading: {
      digests: digestTally(stacked),
      incomplete: incompleteOf(stacked),
      warnings: [...(session.archive?.warnings ?? []), ...stacked.warnings].map(({ message }) => message),
      inputBefore: input.hashBefore,
      inputAfter: hashInput(name),
    },
    findings,
    values,
    decisions,
    log,
    goals,
    also: sharing,
    now: new Date(),
    version: VERSION,
  });
}

/** Opens another image, and determines the layers that it shares and the findings in them. */
async function sharingImage(
  name: string,
  { listener, options }: Session,
  layers: readonly LayerFacts[],
  findings: readonly Finding[],
): Promise<SharingImage> {
  const image = await openOtherImage(name, options, listener);
  const theirs = new Set<string | null>(image.config.diffIds);
  const shared = layers
    .filter(({ diffId }) => diffId !== null && theirs.has(diffId))
    .map(({ index }) => index);
  const isShared = ({ suppressed, occurrences }: Finding): boolean =>
    suppressed === null &&
    occurrences.some(({ where }) => where.layer !== null && shared.includes(where.layer));
  return {
    source: image.source,
    names: image.names,
    id: image.id,
    layers: shared,
    findings: findings.filter(isShared).map(({ id }) => id),
  };
}
