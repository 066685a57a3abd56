import type { Playbook } from './playbook.ts';

export const MESSAGING: Playbook = {
  id: 'messaging',
  title: 'Key of a service that sends messages',
  rules:
    /^(?:sendgrid|mailgun|brevo|resend|mailersend|courier|klaviyo|mailchimp|twilio|postmark|mailjet|sparkpost|vonage|messagebird|plivo|pushover|onesignal|zoom|discord|facebook|instagram|twitter|linkedin|telegram|twitch|teams)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Delete the key, or make the address of the webhook anew, where it was made. Whoever has it can write in your name: this comes before all else.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Look at what was sent since the image was built, to whom, and at senders, templates, hooks and forwardings that nobody you know has added. Warn those who were written to.',
      commands: [],
    },
  ],
  cites: ['The key pages of the service', 'NIST SP 800-61'],
};
