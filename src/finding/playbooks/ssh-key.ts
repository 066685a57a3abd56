import type { Playbook } from './playbook.ts';

export const SSH_KEY: Playbook = {
  id: 'ssh-key',
  title: 'SSH key',
  rules: /(?:openssh|putty)/,
  steps: [
    {
      phase: 'revoke',
      text: 'Remove the public key from every authorized_keys file and every Git hosting service. Add it to the key revocation list if you use one. If it is a host key, generate a new one.',
      commands: [
        'ssh-keygen -y -f <KEY FILE>',
        'ssh-keygen -lf <(ssh-keygen -y -f <KEY FILE>)',
        'ssh-keygen -k -u -f <REVOKED KEYS> <PUBLIC KEY>',
      ],
    },
    {
      phase: 'check',
      text: 'Search the logs of the machines that trust the key for its fingerprint.',
      commands: ["journalctl -u ssh | grep '<FINGERPRINT>'"],
    },
  ],
  cites: ['ssh-keygen(1), KEY REVOCATION LISTS'],
};
