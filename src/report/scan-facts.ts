import { countFindings, type Finding, type FindingCounts } from '../finding/finding.ts';
import type { HistoryAlignment } from '../history/align.ts';
import type { Origin } from '../history/origin.ts';
import { incompleteOf } from '../ledger/incomplete.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import type { Incomplete } from '../ledger/unread-parts.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import { type ImageFacts, imageFacts, type LayerFacts, layerFacts } from './image-facts.ts';

/** The output of `exhume scan --json` without the findings, which follow it. */
export interface ScanHead {
  readonly schema: 'exhume/scan/2';
  readonly image: ImageFacts;
  readonly layers: readonly LayerFacts[];
  readonly incomplete: readonly Incomplete[];
  readonly counts: FindingCounts;
}

/** Returns everything except the findings, which are written one by one because they may be many. */
export function scanHead(
  stacked: StackedImage,
  history: HistoryAlignment,
  origins: readonly Origin[],
  findings: readonly Finding[],
  masker: Masker,
): ScanHead {
  return {
    schema: 'exhume/scan/2',
    image: imageFacts(stacked),
    layers: layerFacts(stacked, history, origins, masker),
    incomplete: incompleteOf(stacked),
    counts: countFindings(findings),
  };
}
