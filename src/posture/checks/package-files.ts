import type { Check, Failure } from '../check.ts';
import { unreadLayers } from '../gaps.ts';

/** Files whose content is not what the package database of the same layer or below says. */
export const packageFiles: Check = {
  id: 'package-file-changed',
  title: 'Packaged file with other content',
  severities: ['high', 'low', 'info'],
  sources: ['files'],
  references: [],
  advice: [
    'Install the package again, or change it by a package of your own; a program that was replaced in place deserves a look: exhume cat <IMAGE> <PATH>',
  ],
  run(subject) {
    if (!subject.hasPackages && unreadLayers(subject) === null) {
      return { unknown: 'no package database with checksums of files was found' };
    }
    return subject.changed.map(({ package: name, path, version, layer }): Failure => {
      const { ledger } = subject;
      const id = ledger.paths.lookup(Buffer.from(path));
      const event = ledger.eventAt(id, layer);
      const program = /^\/(?:usr\/(?:local\/)?)?(?:s?bin|lib(?:64|exec)?)\//.test(path);
      const conf = path.startsWith('/etc/');
      return {
        key: path,
        severity: program ? 'high' : conf ? 'info' : 'low',
        reason: `${path} is not as ${name}${version === null ? '' : ` ${version}`} ships it`,
        at: [{ kind: 'file', event }],
      };
    });
  },
};
