import type { Check } from '../check.ts';

/** Present or absent, no more: whether one holds can be told with the signer's key only. */
export const signature: Check = {
  id: 'no-signature',
  title: 'No signature',
  severities: ['info'],
  sources: ['config'],
  references: ['CIS Docker 4.5', 'NIST SP 800-190 4.1.5'],
  advice: ['cosign sign <NAME>@<DIGEST>; cosign verify tells, with the key, what a registry holds'],
  run({ stacked: { image } }) {
    const { signatures } = image;
    if (signatures === null) return { unknown: 'this form of archive leaves signatures out' };
    if (signatures.length > 0) {
      const kinds = [...new Set(signatures.map(({ kind }) => kind))].join(', ');
      return { passed: `${signatures.length} beside the image (${kinds}), not verified: that takes a key` };
    }
    return [
      {
        key: 'signature',
        severity: 'info',
        reason: 'none lies in what was opened; that proves nothing, since one may lie in the registry',
        at: [{ kind: 'config', surface: 'config', key: 'signatures' }],
      },
    ];
  },
};
