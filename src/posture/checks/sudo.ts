import type { Check } from '../check.ts';
import { programOf, runsOf } from '../commands.ts';

export const sudo: Check = {
  id: 'sudo-in-build',
  title: 'sudo in the build',
  severities: ['low'],
  sources: ['history'],
  references: ['dockle DKL-DI-0001', 'trivy DS-0010', 'hadolint DL3004'],
  advice: ['USER root before the RUN, and USER <NAME> after it', 'Remove sudo from the image.'],
  run(subject) {
    const at = runsOf(subject)
      .filter(({ commands }) => commands.some((command) => programOf(command) === 'sudo'))
      .map(({ entry }) => ({ kind: 'history', entry }) as const);
    return at.length === 0 ? [] : [{ key: 'sudo', severity: 'low', reason: 'a RUN calls sudo', at }];
  },
};
