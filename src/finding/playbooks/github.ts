import type { Playbook } from './playbook.ts';

export const GITHUB: Playbook = {
  id: 'github',
  title: 'GitHub token',
  rules: /^github-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke the token. Anyone who has it can do so without signing in. This cannot be undone.',
      commands: ['curl -X POST https://api.github.com/credentials/revoke -d \'{"credentials":["<TOKEN>"]}\''],
    },
    {
      phase: 'check',
      text: 'Review the security log of the account and the audit log of its organizations. Look for keys, hooks and workflows that you do not recognize.',
      commands: ["gh api '/orgs/<ORG>/audit-log?phrase=actor:<USER>'"],
    },
  ],
  cites: ['GitHub REST API, Revocation', 'GitHub Docs, Reviewing your security log'],
};
