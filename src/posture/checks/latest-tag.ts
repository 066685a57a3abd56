import type { Check } from '../check.ts';

/** Checks the tag of the image itself; the tag in FROM is not recorded in an image. */
export const latestTag: Check = {
  id: 'latest-tag',
  title: 'Image tagged latest',
  severities: ['info'],
  sources: ['config'],
  references: ['dockle DKL-DI-0006', 'trivy DS-0001'],
  advice: ['Use a fixed tag, such as a version, and deploy by digest.'],
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
