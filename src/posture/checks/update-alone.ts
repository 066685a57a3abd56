import type { Check } from '../check.ts';
import { programOf, runsOf } from '../commands.ts';

const MANAGERS = /^(?:apt|apt-get|aptitude|apk|yum|dnf|microdnf|zypper)$/;
/** For these, `update` upgrades the installed packages; another command fetches the package index. */
const UPGRADING = /^(?:yum|dnf|microdnf|zypper)$/;

/** A package index fetched in one layer and used in another gets outdated in the build cache. */
export const updateAlone: Check = {
  id: 'update-alone',
  title: 'Package index update without install',
  severities: ['low'],
  sources: ['history'],
  references: ['CIS Docker 4.7', 'dockle CIS-DI-0007', 'trivy DS-0017', 'hadolint DL3009'],
  advice: [
    'RUN apt-get update && apt-get install -y --no-install-recommends <PACKAGES> && rm -rf /var/lib/apt/lists/*',
  ],
  run(subject) {
    const at = runsOf(subject)
      .filter(({ commands, entry }) => {
        if (subject.originOfEntry(entry) === 'base') return false;
        const managing = commands.filter((command) => MANAGERS.test(programOf(command)));
        return managing.some(fetches) && !managing.some(uses);
      })
      .map(({ entry }) => ({ kind: 'history', entry }) as const);
    return at.length === 0
      ? []
      : [
          {
            key: 'update',
            severity: 'low',
            reason: `${at.length} RUN ${at.length === 1 ? 'instruction updates' : 'instructions update'} the package index without installing packages`,
            at,
          },
        ];
  },
};

function fetches(command: readonly string[]): boolean {
  const lists = UPGRADING.test(programOf(command)) ? /^(?:makecache|check-update|refresh|ref)$/ : /^update$/;
  return command.some((word) => lists.test(word));
}

function uses(command: readonly string[]): boolean {
  return command.some((word) =>
    /^(?:install|add|upgrade|dist-upgrade|full-upgrade|in|build-dep)$/.test(word),
  );
}
