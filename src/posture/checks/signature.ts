import type { Check } from '../check.ts';

/** Checks only whether a signature exists; verifying it requires the key of the signer. */
export const signature: Check = {
  id: 'no-signature',
  title: 'No signature',
  severities: ['info'],
  sources: ['config'],
  references: ['CIS Docker 4.5', 'NIST SP 800-190 4.1.5'],
  advice: ['cosign sign <NAME>@<DIGEST>', 'Check signatures in a registry with cosign verify and the key.'],
  run({ stacked: { image } }) {
    const { signatures } = image;
    if (signatures === null) return { unknown: 'this archive format does not include signatures' };
    if (signatures.length > 0) {
      const kinds = [...new Set(signatures.map(({ kind }) => kind))].join(', ');
      const count = signatures.length === 1 ? '1 signature' : `${signatures.length} signatures`;
      return { passed: `${count} (${kinds}), not verified: this requires the key of the signer` };
    }
    return [
      {
        key: 'signature',
        severity: 'info',
        reason: 'no signature next to the image, which proves nothing: there may be one in the registry',
        at: [{ kind: 'config', surface: 'config', key: 'signatures' }],
      },
    ];
  },
};
