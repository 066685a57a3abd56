import type { Check } from '../check.ts';

/** The root file system of a base is an ADD: only the application's own count. */
export const addInstruction: Check = {
  id: 'add-instead-of-copy',
  title: 'ADD where COPY would do',
  severities: ['low'],
  sources: ['history'],
  references: ['CIS Docker 4.9', 'dockle CIS-DI-0009', 'trivy DS-0005', 'hadolint DL3020'],
  advice: ['COPY in place of ADD; ADD fetches addresses and unpacks archives unasked.'],
  run(subject) {
    const { instructions } = subject.history;
    const at = instructions.flatMap(({ keyword, text }, entry) => {
      const rootfs = / (?:in )?\/ *$/.test(text);
      if (keyword !== 'ADD' || rootfs || subject.originOfEntry(entry) === 'base') return [];
      return [{ kind: 'history', entry } as const];
    });
    return at.length === 0
      ? []
      : [{ key: 'add', severity: 'low', reason: `${at.length} ADD in the application's part`, at }];
  },
};
