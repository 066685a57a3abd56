import type { Check, Failure } from '../check.ts';
import { unreadLayers } from '../gaps.ts';

/** Reports files whose content differs from the package databases of the same layer and below. */
export const packageFiles: Check = {
  id: 'package-file-changed',
  title: 'Modified packaged file',
  severities: ['high', 'low', 'info'],
  sources: ['files'],
  references: [],
  advice: [
    'Reinstall the package, or ship the change in your own package. Inspect a replaced program: exhume cat <IMAGE> <PATH>',
  ],
  run(subject) {
    if (!subject.hasPackages && unreadLayers(subject) === null) {
      return { unknown: 'no package database with file checksums was found' };
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
        reason: `${path} differs from the file in ${name}${version === null ? '' : ` ${version}`}`,
        at: [{ kind: 'file', event }],
      };
    });
  },
};
