import type { Playbook } from './playbook.ts';

export const GOOGLE: Playbook = {
  id: 'google',
  title: 'Google key',
  rules: /^(?:google|firebase)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Delete the key. Short-lived tokens that it has fetched survive: disable the account if it was abused.',
      commands: [
        'gcloud iam service-accounts keys delete <KEY ID> --iam-account=<ACCOUNT>',
        'gcloud iam service-accounts disable <ACCOUNT>',
        'gcloud services api-keys delete <KEY NAME>',
      ],
    },
    {
      phase: 'check',
      text: 'Look for it in the audit logs.',
      commands: ["gcloud logging read 'protoPayload.authenticationInfo.serviceAccountKeyName:<KEY ID>'"],
    },
  ],
  cites: [
    'Google Cloud IAM, projects.serviceAccounts.keys.delete',
    'Google Cloud, Handle compromised credentials',
  ],
};
