import type { Playbook } from './playbook.ts';

export const PASSWORD: Playbook = {
  id: 'password',
  title: 'Password',
  rules: /(?<!one)password|passwd|shadow|htpasswd|netrc|basic-auth|curl-user|sshpass|chpasswd/,
  steps: [
    {
      phase: 'revoke',
      text: 'Change it everywhere it is used, elsewhere with the same words too, and end the sessions that are open. A hash can be guessed: treat it as the password.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Look for sign-ins of that account from places that are not yours.',
      commands: [],
    },
  ],
  cites: ['NIST SP 800-63B §3.1.1.2'],
};
