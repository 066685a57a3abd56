import type { Playbook } from './playbook.ts';

/** The fallback for rules without a playbook. */
export const GENERIC: Playbook = {
  id: 'generic',
  title: 'Credential',
  rules: /(?:)/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke the credential where it was issued, and issue a new one: anyone with the image has it.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Search the logs of the service for its use since the image was built.',
      commands: [],
    },
  ],
  cites: ['NIST SP 800-61'],
};
