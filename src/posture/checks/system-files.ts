import { keepsContent } from '../../ledger/content.ts';
import type { Check, Failure } from '../check.ts';
import { importantKind, type ImportantKind } from '../important-files.ts';

/** What the ca-certificates package makes of its certificates when it is installed. */
const BUNDLE = /^\/etc\/ssl\/certs\//;
const BUNDLER = '/usr/sbin/update-ca-certificates';

/**
 * What an application's own layers changed of the system: mostly meant, always worth a look. What a
 * package that is installed there ships is the package's; so is the bundle that it makes of its certificates.
 */
export const systemFiles: Check = {
  id: 'system-file-changed',
  title: 'Important file changed by the application',
  severities: ['high', 'medium', 'low', 'info'],
  sources: ['files'],
  references: [],
  advice: ['See whether the instruction was meant to change it: exhume path <IMAGE> <PATH>'],
  run(subject) {
    if (subject.origins.includes('unknown')) {
      return { unknown: 'base and application could not be told apart' };
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
      reason: `${subject.pathOf(events[0]!)}${events.length > 1 ? ` and ${events.length - 1} more` : ''}: ${kind.decides}`,
      at: events.map((event) => ({ kind: 'file', event })),
    }));
    if (bundles.length > 0) {
      failures.push({
        key: 'bundle',
        severity: 'info',
        reason: `${subject.pathOf(bundles[0]!)}: whom TLS trusts, put together where ca-certificates was installed`,
        at: bundles.map((event) => ({ kind: 'file', event })),
      });
    }
    return failures;
  },
};
