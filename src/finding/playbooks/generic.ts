import type { Playbook } from './playbook.ts';

/** For what no other is for. */
export const GENERIC: Playbook = {
  id: 'generic',
  title: 'Credential',
  rules: /(?:)/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke it where it was issued and issue a new one: whoever has the image has it.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Look through the logs of the service for its use since the image was built.',
      commands: [],
    },
  ],
  cites: ['NIST SP 800-61'],
};
