import type { Playbook } from './playbook.ts';

export const PASSWORD: Playbook = {
  id: 'password',
  title: 'Password',
  rules: /(?<!one)password|passwd|shadow|htpasswd|netrc|basic-auth|curl-user|sshpass|chpasswd/,
  steps: [
    {
      phase: 'revoke',
      text: 'Change the password wherever it is used, on other systems too, and end open sessions. A hash can be cracked: treat it like the password.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Look for sign-ins to the account from unknown addresses.',
      commands: [],
    },
  ],
  cites: ['NIST SP 800-63B §3.1.1.2'],
};
