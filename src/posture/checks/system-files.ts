import { keepsContent } from '../../ledger/content.ts';
import type { Check, Failure } from '../check.ts';
import { importantKind, type ImportantKind } from '../important-files.ts';

/** Files that ca-certificates generates from its certificates when it is installed. */
const BUNDLE = /^\/etc\/ssl\/certs\//;
const BUNDLER = '/usr/sbin/update-ca-certificates';

/**
 * Reports important files that application layers changed: usually intended, always worth a review.
 * Unmodified files of packages installed in these layers are not changes. The certificate bundle that
 * ca-certificates generates is reported as info.
 */
export const systemFiles: Check = {
  id: 'system-file-changed',
  title: 'Important file changed by application',
  severities: ['high', 'medium', 'low', 'info'],
  sources: ['files'],
  references: [],
  advice: ['Check that the instruction was meant to change the file: exhume path <IMAGE> <PATH>'],
  run(subject) {
    if (subject.origins.includes('unknown')) {
      return { unknown: 'it is unknown which layers belong to the base image' };
    }
    const { ledger } = subject;
    const found = new Map<ImportantKind, number[]>();
    const bundles: number[] = [];
    for (const event of subject.fileEvents()) {
      if (subject.originOfEvent(event) !== 'application') continue;
      const path = subject.pathOf(event);
      const kind = importantKind(path);
      if (kind === null || keepsContent(ledger, event) || subject.shipsAs(event) !== null) continue;
      const made = BUNDLE.test(path) && subject.databaseLists(BUNDLER, ledger.layerOf(event));
      const known = made ? bundles : found.get(kind);
      if (known === undefined) found.set(kind, [event]);
      else known.push(event);
    }
    const failures = [...found].map(([kind, events]): Failure => ({
      key: kind.key,
      severity: kind.severity,
      reason:
        events.length === 1
          ? `${subject.pathOf(events[0]!)} controls ${kind.controls}`
          : `${subject.pathOf(events[0]!)} and ${events.length - 1} more control ${kind.controls}`,
      at: events.map((event) => ({ kind: 'file', event })),
    }));
    if (bundles.length > 0) {
      failures.push({
        key: 'bundle',
        severity: 'info',
        reason: `${subject.pathOf(bundles[0]!)} controls which certificates TLS trusts; generated when ca-certificates was installed`,
        at: bundles.map((event) => ({ kind: 'file', event })),
      });
    }
    return failures;
  },
};
