import type { Playbook } from './playbook.ts';

export const JWT: Playbook = {
  id: 'jwt',
  title: 'Signed token or signing key',
  rules: /json-web-token|jwt|secret-key-base|laravel-app-key|symfony-app-secret|rails-master-key/,
  steps: [
    {
      phase: 'revoke',
      text: 'Sign with a new key and a new key id, and retire the old key: every token that it signed is suspect.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Look for tokens that your service did not issue: unknown ids, subjects and times.',
      commands: [],
    },
  ],
  cites: ['RFC 7517 §4.5', 'RFC 7519 §4.1.7'],
};
