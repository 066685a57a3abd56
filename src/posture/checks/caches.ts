import { PlaceSet } from '../../ledger/content.ts';
import { exactSize } from '../../text/size.ts';
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
/** Returns the command, without `RUN`, that avoids the cache at a path; null if the path is not in a cache. */
export function cacheAdvice(path: string): string | null {
  return CACHES.find(([, pattern]) => pattern.test(path))?.[2] ?? null;
}

/** Minimum size of a reported cache, in bytes. */
const MIN_BYTES = 64 * 1024;

/** Reports caches in the layer that wrote them: deleting them in a later layer saves nothing. */
export const caches: Check = {
  id: 'package-cache',
  title: 'Package cache left in a layer',
  severities: ['low'],
  sources: ['files'],
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
      // Count the bytes of a hard-linked file once.
      if (!counted.has(place.layer, place.entry)) {
        group.bytes += ledger.entriesOf(place.layer).size(place.entry);
      }
      counted.add(place);
      group.events.push(event);
      found.set(key, group);
    }
    return [...found].flatMap(([key, { bytes, events }]): Failure[] =>
      bytes < MIN_BYTES
        ? []
        : [
            {
              key,
              severity: 'low',
              reason: `${exactSize(bytes)} bytes in ${events.length} ${events.length === 1 ? 'file' : 'files'} of the ${key} cache`,
              at: events.map((event) => ({ kind: 'file', event })),
              advice: [`RUN ${CACHES.find(([name]) => name === key)![2]}`],
            },
          ],
    );
  },
};
