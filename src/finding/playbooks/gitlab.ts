import type { Playbook } from './playbook.ts';

export const GITLAB: Playbook = {
  id: 'gitlab',
  title: 'GitLab token',
  rules: /^gitlab-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke the token where it was created: in the user, project, group or runner settings.',
      commands: ['glab api --method DELETE personal_access_tokens/<ID>'],
    },
    {
      phase: 'check',
      text: 'Review the audit events, and check when the token was last used.',
      commands: ['glab api personal_access_tokens/<ID>'],
    },
  ],
  cites: ['GitLab Docs, Personal access tokens API', 'GitLab Docs, Audit events'],
};
