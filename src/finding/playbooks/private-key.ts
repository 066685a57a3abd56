import type { Playbook } from './playbook.ts';

export const PRIVATE_KEY: Playbook = {
  id: 'private-key',
  title: 'Private key',
  rules: /private-key|openvpn|minisign|tor-onion|pgp|keystore|-pem|rsa-key|json-web-key/,
  steps: [
    {
      phase: 'revoke',
      text: 'Make a new key. Revoke every certificate of the old one, with the reason keyCompromise; take it out of wherever its public half is trusted.',
      commands: [
        'openssl pkey -in <KEY FILE> -pubout -outform DER | openssl dgst -sha256',
        'certbot revoke --key-path <KEY FILE> --cert-path <CERTIFICATE> --reason keycompromise',
      ],
    },
    {
      phase: 'check',
      text: 'Find out where the public half is trusted: certificates in transparency logs, servers, signatures, tokens that it has signed.',
      commands: [],
    },
  ],
  cites: ['RFC 5280 §5.3.1', 'RFC 8555 §7.6'],
};
