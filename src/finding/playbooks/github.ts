import type { Playbook } from './playbook.ts';

export const GITHUB: Playbook = {
  id: 'github',
  title: 'GitHub token',
  rules: /^github-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke it; whoever holds it can, without signing in, and it cannot be undone.',
      commands: ['curl -X POST https://api.github.com/credentials/revoke -d \'{"credentials":["<TOKEN>"]}\''],
    },
    {
      phase: 'check',
      text: 'Look through the security log of the account and the audit log of its organisations; look for keys, hooks and workflows that nobody you know has added.',
      commands: ["gh api '/orgs/<ORG>/audit-log?phrase=actor:<USER>'"],
    },
  ],
  cites: ['GitHub REST API, Revocation', 'GitHub Docs, Reviewing your security log'],
};
