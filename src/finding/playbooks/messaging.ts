import type { Playbook } from './playbook.ts';

export const MESSAGING: Playbook = {
  id: 'messaging',
  title: 'Messaging service key',
  rules:
    /^(?:sendgrid|mailgun|brevo|resend|mailersend|courier|klaviyo|mailchimp|twilio|postmark|mailjet|sparkpost|vonage|messagebird|plivo|pushover|onesignal|zoom|discord|facebook|instagram|twitter|linkedin|telegram|twitch|teams)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Delete the key, or replace the webhook URL, in the settings of the service. Do this first: anyone who has it can send messages in your name.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Review what was sent since the image was built, and to whom. Look for senders, templates, hooks and forwarding rules that you do not recognize. Warn the recipients.',
      commands: [],
    },
  ],
  cites: ['Service documentation, API keys', 'NIST SP 800-61'],
};
