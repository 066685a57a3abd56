import type { Check } from '../check.ts';

/** What rides along says who built it; that nothing does proves nothing. */
export const attestation: Check = {
  id: 'no-attestation',
  title: 'No provenance',
  severities: ['info'],
  sources: ['config'],
  references: ['CIS Docker 4.5', 'CIS Docker 4.12'],
  advice: [
    'docker buildx build --attest type=provenance,mode=max --attest type=sbom, and sign what is pushed',
  ],
  run({ stacked: { image } }) {
    if (image.attestations.length > 0) return [];
    if (image.form === 'docker-archive' || image.form === 'dir')
      return { unknown: 'this form of archive leaves attestations out' };
    return [
      {
        key: 'attestation',
        severity: 'info',
        reason: 'what was opened holds no attestation of the image; one may lie in the registry',
        at: [{ kind: 'config', surface: 'config', key: 'attestations' }],
      },
    ];
  },
};
