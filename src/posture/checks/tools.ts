import type { Check, Failure } from '../check.ts';

const TOOLS: readonly (readonly [key: string, pattern: RegExp])[] = [
  ['compilers', /^\/usr\/(?:local\/)?bin\/(?:gcc|g\+\+|cc|clang|go|rustc|javac|ld|make|cmake)$/],
  [
    'debuggers and scanners',
    /^\/usr\/(?:local\/)?s?bin\/(?:gdb|strace|ltrace|tcpdump|nmap|nc|ncat|netcat|socat|telnet)$/,
  ],
];

/** An intruder uses what is there. Said once, at the lowest severity: a build image needs its tools. */
export const tools: Check = {
  id: 'tools',
  title: 'Tools that a running service seldom needs',
  looksAt: ['files'],
  references: ['CIS Docker 4.3'],
  advice: ['Build in a stage of its own and copy the result: COPY --from=<STAGE> <RESULT> <PATH>'],
  run(subject) {
    const { ledger } = subject;
    return TOOLS.flatMap(([key, pattern]): Failure[] => {
      const events = [...subject.fileEvents()].filter(
        (event) => ledger.state(event) === 'live' && pattern.test(subject.pathOf(event)),
      );
      return events.length === 0
        ? []
        : [
            {
              key,
              severity: 'info',
              reason: `${key}: ${events.map((event) => subject.pathOf(event).split('/').at(-1)).join(', ')}`,
              at: events.map((event) => ({ kind: 'file', event })),
            },
          ];
    });
  },
};
