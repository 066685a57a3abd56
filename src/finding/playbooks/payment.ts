import type { Playbook } from './playbook.ts';

export const PAYMENT: Playbook = {
  id: 'payment',
  title: 'Payment provider key',
  rules:
    /^(?:square|shopify|braintree|razorpay|flutterwave|adyen|mollie|gocardless|plaid|xendit|midtrans|paddle|easypost|shippo|duffel|paypal|coinbase)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Roll the key in the provider console and expire the old one at once, without a grace period. Replace the webhook secrets.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Review the payments, refunds, payouts and customers that were read or changed since the image was built. Inform the provider, and whoever must report a breach of payment data.',
      commands: [],
    },
  ],
  cites: ['Provider documentation, API keys', 'PCI DSS v4.0, 12.10 incident response'],
};
