import type { Playbook } from './playbook.ts';

export const GITLAB: Playbook = {
  id: 'gitlab',
  title: 'GitLab token',
  rules: /^gitlab-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke it where it was made: the user, the project, the group or the runner.',
      commands: ['glab api --method DELETE personal_access_tokens/<ID>'],
    },
    {
      phase: 'check',
      text: 'Look through the audit events, and at when the token was last used.',
      commands: ['glab api personal_access_tokens/<ID>'],
    },
  ],
  cites: ['GitLab Docs, Personal access tokens API', 'GitLab Docs, Audit events'],
};
