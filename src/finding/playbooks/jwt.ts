import type { Playbook } from './playbook.ts';

export const JWT: Playbook = {
  id: 'jwt',
  title: 'Signed token, or a key that signs them',
  rules: /json-web-token|jwt|secret-key-base|laravel-app-key|symfony-app-secret|rails-master-key/,
  steps: [
    {
      phase: 'revoke',
      text: 'Sign with a new key under a new key id and retire the old one: every token that it has signed is suspect.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Look for tokens that your service has not issued: unknown ids, subjects, times.',
      commands: [],
    },
  ],
  cites: ['RFC 7517 §4.5', 'RFC 7519 §4.1.7'],
};
