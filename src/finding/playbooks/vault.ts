import type { Playbook } from './playbook.ts';

export const VAULT: Playbook = {
  id: 'vault',
  title: 'Secret store token',
  rules:
    /^(?:vault|doppler|onepassword|infisical|pulumi|terraform|age|ansible|bitwarden|consul|akeyless|keeper)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke the token, and the leases and tokens created with it. Then rotate every secret that it could read: anyone who had the token can have read them.',
      commands: ['vault token revoke -accessor <ACCESSOR>', 'vault lease revoke -prefix <PATH>'],
    },
    {
      phase: 'check',
      text: 'Review the audit log of the store for what was read with the token, and from where. If it is a key that decrypts files, treat every file that it decrypts as read.',
      commands: ['jq \'select(.auth.accessor == "<HASHED ACCESSOR>")\' <AUDIT LOG>'],
    },
  ],
  cites: ['HashiCorp Vault Documentation, token revoke; Audit Devices'],
};
