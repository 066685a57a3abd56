import type { Check } from '../check.ts';

/** Checks only the instructions of the application: a base image adds its root file system with ADD. */
export const addInstruction: Check = {
  id: 'add-instead-of-copy',
  title: 'ADD instead of COPY',
  severities: ['low'],
  sources: ['history'],
  references: ['CIS Docker 4.9', 'dockle CIS-DI-0009', 'trivy DS-0005', 'hadolint DL3020'],
  advice: ['Use COPY: ADD also downloads URLs and unpacks archives.'],
  run(subject) {
    const { instructions } = subject.history;
    const at = instructions.flatMap(({ keyword, text }, entry) => {
      const rootfs = / (?:in )?\/ *$/.test(text);
      if (keyword !== 'ADD' || rootfs || subject.originOfEntry(entry) === 'base') return [];
      return [{ kind: 'history', entry } as const];
    });
    return at.length === 0
      ? []
      : [
          {
            key: 'add',
            severity: 'low',
            reason: `the application has ${at.length} ADD ${at.length === 1 ? 'instruction' : 'instructions'}`,
            at,
          },
        ];
  },
};
