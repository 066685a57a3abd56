import type { Playbook } from './playbook.ts';

export const SLACK: Playbook = {
  id: 'slack',
  title: 'Slack token or webhook',
  rules: /^slack-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke a token by calling auth.revoke with it. Replace a webhook URL in the settings of its app.',
      commands: ["curl https://slack.com/api/auth.revoke -H 'Authorization: Bearer <TOKEN>'"],
    },
    { phase: 'check', text: 'Search the access logs of the workspace for the app.', commands: [] },
  ],
  cites: ['Slack API, auth.revoke', 'Slack API, Incoming webhooks'],
};
