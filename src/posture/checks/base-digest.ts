import { namedBase } from '../../history/base.ts';
import type { Check } from '../check.ts';

/** What FROM names can change under its tag: a digest says which image it was. */
export const baseDigest: Check = {
  id: 'base-digest',
  title: 'The base is recorded without its digest',
  severities: ['info'],
  sources: ['config'],
  references: ['CIS Docker 4.2', 'NIST SP 800-190 4.1.5'],
  advice: [
    'FROM <NAME>:<TAG>@sha256:<DIGEST>, and the annotations org.opencontainers.image.base.name and .digest',
  ],
  run({ base }) {
    if (base.some(({ digest }) => digest !== null)) return [];
    const named = namedBase(base);
    if (named === null) return { unknown: 'the image does not record which base it was built upon' };
    return [
      {
        key: 'digest',
        severity: 'info',
        reason: `the base is ${named.sign.name}; nothing says which digest that had`,
        at: [{ kind: 'config', surface: 'config', key: 'base' }],
      },
    ];
  },
};
