import type { Check } from '../check.ts';

/** The subject's own tag; that of FROM is in no image. */
export const latestTag: Check = {
  id: 'latest-tag',
  title: 'Tagged latest',
  severities: ['info'],
  sources: ['config'],
  references: ['dockle DKL-DI-0006', 'trivy DS-0001'],
  advice: ['A tag that stays, such as a version; deploy by digest.'],
  run({ stacked }) {
    const { names } = stacked.image;
    if (names.length === 0) return { unknown: 'the image has no name' };
    const latest = names.filter((name) => name.endsWith(':latest') || !/[:@][^/]*$/.test(name));
    return latest.length === 0
      ? []
      : [
          {
            key: 'latest',
            severity: 'info',
            reason: `named ${latest.join(', ')}`,
            at: [{ kind: 'config', surface: 'config', key: 'name' }],
          },
        ];
  },
};
