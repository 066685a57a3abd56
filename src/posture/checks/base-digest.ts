import { namedBase } from '../../history/base.ts';
import type { Check } from '../check.ts';

/** The tag in FROM can move to another image; a digest identifies the image that was used. */
export const baseDigest: Check = {
  id: 'base-digest',
  title: 'Base image without a digest',
  severities: ['info'],
  sources: ['config'],
  references: ['CIS Docker 4.2', 'NIST SP 800-190 4.1.5'],
  advice: [
    'FROM <NAME>:<TAG>@sha256:<DIGEST>, and the annotations org.opencontainers.image.base.name and .digest',
  ],
  run({ base }) {
    if (base.some(({ digest }) => digest !== null)) return [];
    const named = namedBase(base);
    if (named === null) return { unknown: 'the image does not record its base image' };
    return [
      {
        key: 'digest',
        severity: 'info',
        reason: `the base image is ${named.sign.name}; its digest is not recorded`,
        at: [{ kind: 'config', surface: 'config', key: 'base' }],
      },
    ];
  },
};
