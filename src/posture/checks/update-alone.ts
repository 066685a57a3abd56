import type { Check } from '../check.ts';
import { programOf, runsOf } from '../commands.ts';

const MANAGERS = /^(?:apt|apt-get|apk|yum|dnf|microdnf|zypper)$/;

/** A package list that is fetched in one layer and used in another grows old in the cache. */
export const updateAlone: Check = {
  id: 'update-alone',
  title: 'Package lists updated without an install in the same RUN',
  looksAt: ['history'],
  references: ['CIS Docker 4.7', 'dockle CIS-DI-0007', 'trivy DS-0017', 'hadolint DL3009'],
  advice: [
    'RUN apt-get update && apt-get install -y --no-install-recommends <PACKAGES> && rm -rf /var/lib/apt/lists/*',
  ],
  run(subject) {
    const at = runsOf(subject)
      .filter(({ commands, entry }) => {
        if (subject.originOfEntry(entry) === 'base') return false;
        const verbs = commands
          .filter((command) => MANAGERS.test(programOf(command)))
          .map((command) => command.join(' '));
        return (
          verbs.some((verb) => /\b(?:update|makecache)\b/.test(verb)) &&
          !verbs.some((verb) => /\b(?:install|add|upgrade|dist-upgrade|in|build-dep)\b/.test(verb))
        );
      })
      .map(({ entry }) => ({ kind: 'history', entry }) as const);
    return at.length === 0
      ? []
      : [{ key: 'update', severity: 'low', reason: `${at.length} RUN with update alone`, at }];
  },
};
