import type { Check } from '../check.ts';

/** An attestation says who built the image. A missing one proves nothing: it may be in the registry. */
export const attestation: Check = {
  id: 'no-attestation',
  title: 'No provenance attestation',
  severities: ['info'],
  sources: ['config'],
  references: ['CIS Docker 4.5', 'CIS Docker 4.12'],
  advice: [
    'docker buildx build --attest type=provenance,mode=max --attest type=sbom, then sign the pushed image',
  ],
  run({ stacked: { image } }) {
    if (image.attestations.length > 0) return [];
    if (image.form === 'docker-archive' || image.form === 'dir')
      return { unknown: 'this archive format does not include attestations' };
    return [
      {
        key: 'attestation',
        severity: 'info',
        reason: 'no attestation next to the image, which proves nothing: there may be one in the registry',
        at: [{ kind: 'config', surface: 'config', key: 'attestations' }],
      },
    ];
  },
};
