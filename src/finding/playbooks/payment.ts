import type { Playbook } from './playbook.ts';

export const PAYMENT: Playbook = {
  id: 'payment',
  title: 'Key of a payment provider',
  rules:
    /^(?:square|shopify|braintree|razorpay|flutterwave|adyen|mollie|gocardless|plaid|xendit|midtrans|paddle|easypost|shippo|duffel|paypal|coinbase)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Roll the key in the console of the provider and let the old one end at once, not after a time of grace. Make the secrets of its webhooks anew.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Look at payments, refunds, payouts and customers that were read or changed since the image was built; tell the provider, and whoever has to report a breach of payment data.',
      commands: [],
    },
  ],
  cites: ['The key pages of the provider', 'PCI DSS v4.0, 12.10 incident response'],
};
