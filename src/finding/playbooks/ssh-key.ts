import type { Playbook } from './playbook.ts';

export const SSH_KEY: Playbook = {
  id: 'ssh-key',
  title: 'SSH key',
  rules: /(?:openssh|putty)/,
  steps: [
    {
      phase: 'revoke',
      text: 'Take its public half out of every authorized_keys and every forge; where a list of revoked keys is used, put it there. If it is a host key, make new ones.',
      commands: [
        'ssh-keygen -y -f <KEY FILE>',
        'ssh-keygen -lf <(ssh-keygen -y -f <KEY FILE>)',
        'ssh-keygen -k -u -f <REVOKED KEYS> <PUBLIC KEY>',
      ],
    },
    {
      phase: 'check',
      text: 'Look for its fingerprint in the logs of the machines that trust it.',
      commands: ["journalctl -u ssh | grep '<FINGERPRINT>'"],
    },
  ],
  cites: ['ssh-keygen(1), KEY REVOCATION LISTS'],
};
