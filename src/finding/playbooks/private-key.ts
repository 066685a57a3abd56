import type { Playbook } from './playbook.ts';

export const PRIVATE_KEY: Playbook = {
  id: 'private-key',
  title: 'Private key',
  rules: /private-key|openvpn|minisign|tor-onion|pgp|keystore|-pem|rsa-key|json-web-key/,
  steps: [
    {
      phase: 'revoke',
      text: 'Create a new key. Revoke every certificate of the old key with the reason keyCompromise. Remove its public key wherever it is trusted.',
      commands: [
        'openssl pkey -in <KEY FILE> -pubout -outform DER | openssl dgst -sha256',
        'certbot revoke --key-path <KEY FILE> --cert-path <CERTIFICATE> --reason keycompromise',
      ],
    },
    {
      phase: 'check',
      text: 'Find out where the public key is trusted: certificates in transparency logs, servers, signatures, and tokens signed with the private key.',
      commands: [],
    },
  ],
  cites: ['RFC 5280 §5.3.1', 'RFC 8555 §7.6'],
};
