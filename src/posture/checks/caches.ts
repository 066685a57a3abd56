import { PlaceSet } from '../../ledger/content.ts';
import type { Check, Failure } from '../check.ts';

const CACHES: readonly (readonly [key: string, path: RegExp, advice: string])[] = [
  [
    'apt',
    /^\/var\/(?:lib\/apt\/lists|cache\/apt)\/(?!.*(?:lock|partial\/?)$)/,
    'rm -rf /var/lib/apt/lists/* in the same RUN, or RUN --mount=type=cache,target=/var/cache/apt',
  ],
  ['apk', /^\/(?:var\/cache|etc)\/apk\/.*(?:\.apk|APKINDEX.*\.tar\.gz)$/, 'apk add --no-cache <PACKAGES>'],
  ['yum', /^\/var\/cache\/(?:yum|dnf|libdnf5|zypp)\//, 'dnf clean all in the same RUN'],
  ['pip', /^\/(?:root|home\/[^/]+)\/\.cache\/pip\//, 'pip install --no-cache-dir <PACKAGES>'],
  [
    'npm',
    /^\/(?:root|home\/[^/]+)\/(?:\.npm\/_cacache|\.cache\/(?:yarn|pnpm))\//,
    'npm ci && npm cache clean --force in the same RUN',
  ],
];
/** Returns the command that leaves no such cache, without its `RUN`; null if no cache is at the path. */
export function cacheAdvice(path: string): string | null {
  return CACHES.find(([, pattern]) => pattern.test(path))?.[2] ?? null;
}

/** Less is not worth a word. */
const LEAST = 64 * 1024;

/** Bytes in the layer that brought them: deleting them later gives nothing back. */
export const caches: Check = {
  id: 'package-cache',
  title: 'Package caches left in a layer',
  severities: ['low'],
  looksAt: ['files'],
  references: [
    'dockle DKL-DI-0003',
    'dockle DKL-DI-0004',
    'dockle DKL-DI-0005',
    'trivy DS-0024',
    'trivy DS-0025',
  ],
  advice: [],
  run(subject) {
    const { ledger } = subject;
    const counted = new PlaceSet();
    const found = new Map<string, { bytes: number; events: number[] }>();
    for (const event of subject.fileEvents()) {
      const path = subject.pathOf(event);
      const key = CACHES.find(([, pattern]) => pattern.test(path))?.[0];
      if (key === undefined || subject.originOfEvent(event) === 'base') continue;
      const place = ledger.placeOf(event);
      const group = found.get(key) ?? { bytes: 0, events: [] };
      // A file with several names takes its bytes once.
      if (!counted.has(place.layer, place.entry)) {
        group.bytes += ledger.entriesOf(place.layer).size(place.entry);
      }
      counted.add(place);
      group.events.push(event);
      found.set(key, group);
    }
    return [...found].flatMap(([key, { bytes, events }]): Failure[] =>
      bytes < LEAST
        ? []
        : [
            {
              key,
              severity: 'low',
              reason: `${bytes} bytes in ${events.length} files of ${key}'s cache`,
              at: events.map((event) => ({ kind: 'file', event })),
              advice: [`RUN ${CACHES.find(([name]) => name === key)![2]}`],
            },
          ],
    );
  },
};
