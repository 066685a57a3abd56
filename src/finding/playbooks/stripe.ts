import type { Playbook } from './playbook.ts';

export const STRIPE: Playbook = {
  id: 'stripe',
  title: 'Stripe key',
  rules: /^stripe-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Roll the key in the dashboard and expire the old one at once.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Filter the request log in the dashboard by the key. Look for refunds, payouts and new endpoints.',
      commands: [],
    },
  ],
  cites: ['Stripe Docs, Best practices for managing secret API keys'],
};
