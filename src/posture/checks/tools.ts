import type { Ledger } from '../../ledger/ledger.ts';
import { EntryType } from '../../tar/member.ts';
import type { Check, Failure } from '../check.ts';
import type { Subject } from '../subject.ts';

/** Matches programs in the standard directories of PATH. */
function programs(names: string): RegExp {
  return new RegExp(`^/(?:usr/(?:local/)?)?s?bin/(?:${names})$`);
}

const TOOLS: readonly (readonly [key: string, pattern: RegExp])[] = [
  [
    'package managers',
    programs('apt|apt-get|dpkg|apk|yum|dnf|dnf5|microdnf|tdnf|zypper|rpm|pacman|npm|yarn|pip[\\d.]*|gem'),
  ],
  ['shells', programs('(?:ba|da|a|z|k|mk|c|tc|fi)?sh|busybox|toybox')],
  ['compilers', programs('(?:[\\w-]+-)?(?:gcc|g\\+\\+)(?:-[\\d.]+)?|cc|clang|go|rustc|javac|ld|make|cmake')],
  [
    'debuggers and scanners',
    programs('gdb|strace|ltrace|tcpdump|nmap|nc|nc\\.(?:openbsd|traditional)|ncat|netcat|socat|telnet'),
  ],
];

/** Reports tools that an intruder could use, at the lowest severity: a build image needs its tools. */
export const tools: Check = {
  id: 'tools',
  title: 'Tool not needed at run time',
  severities: ['info'],
  sources: ['files'],
  references: ['CIS Docker 4.3'],
  advice: [
    'Build in a separate stage and copy only the result: COPY --from=<STAGE> <RESULT> <PATH>',
    'exhume packages <IMAGE> lists what each layer installed.',
  ],
  run(subject) {
    const found = new Map<string, number[]>(TOOLS.map(([key]) => [key, []]));
    for (const event of liveFiles(subject.ledger)) {
      const path = subject.pathOf(event);
      if (!/\/s?bin\/[^/]+$/.test(path)) continue;
      const key = TOOLS.find(([, pattern]) => pattern.test(path))?.[0];
      if (key !== undefined) found.get(key)!.push(event);
    }
    return [...found].flatMap(([key, events]): Failure[] =>
      events.length === 0
        ? []
        : [
            {
              key,
              severity: 'info',
              reason: `${key}: ${byLayer(events, subject)}`,
              at: events.map((event) => ({ kind: 'file', event })),
            },
          ],
    );
  },
};

/** Returns the files that are visible in the container, including all hard links. */
function* liveFiles(ledger: Ledger): Generator<number> {
  for (let event = 0; event < ledger.eventCount; event++) {
    if (ledger.isDeletion(event) || ledger.state(event) !== 'live') continue;
    const { entry, layer } = ledger.placeOf(event);
    const type = ledger.entriesOf(layer).type(entry);
    if (type === EntryType.file || type === EntryType.hardlink) yield event;
  }
}

/** Formats program names by layer: `apt, dpkg in layer 0; pip in layer 2`. */
function byLayer(events: readonly number[], { ledger, pathOf }: Subject): string {
  const names = new Map<number, string[]>();
  for (const event of events) {
    const layer = ledger.layerOf(event);
    const name = pathOf(event).split('/').at(-1)!;
    const known = names.get(layer) ?? [];
    if (!known.includes(name)) names.set(layer, [...known, name]);
  }
  return Array.from(names, ([layer, each]) => `${each.join(', ')} in layer ${layer}`).join('; ');
}
