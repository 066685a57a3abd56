import type { Playbook } from './playbook.ts';

export const VAULT: Playbook = {
  id: 'vault',
  title: 'Token of a store of secrets',
  rules:
    /^(?:vault|doppler|onepassword|infisical|pulumi|terraform|age|ansible|bitwarden|consul|akeyless|keeper)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke it, and the leases and tokens that came of it. Then renew every secret that it could read: the store has given them to whoever had it.',
      commands: ['vault token revoke -accessor <ACCESSOR>', 'vault lease revoke -prefix <PATH>'],
    },
    {
      phase: 'check',
      text: 'Look through the audit log of the store for what was read with it, and from where. For a key that only decrypts files, take every file that it opens for read.',
      commands: ['jq \'select(.auth.accessor == "<HASHED ACCESSOR>")\' <AUDIT LOG>'],
    },
  ],
  cites: ['HashiCorp Vault Documentation, token revoke; Audit Devices'],
};
