import type { Playbook } from './playbook.ts';

export const GOOGLE: Playbook = {
  id: 'google',
  title: 'Google key',
  rules: /^(?:google|firebase)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Delete the key. Short-lived tokens obtained with it stay valid: disable the account if it was abused.',
      commands: [
        'gcloud iam service-accounts keys delete <KEY ID> --iam-account=<ACCOUNT>',
        'gcloud iam service-accounts disable <ACCOUNT>',
        'gcloud services api-keys delete <KEY NAME>',
      ],
    },
    {
      phase: 'check',
      text: 'Search the audit logs for uses of the key.',
      commands: ["gcloud logging read 'protoPayload.authenticationInfo.serviceAccountKeyName:<KEY ID>'"],
    },
  ],
  cites: [
    'Google Cloud IAM, projects.serviceAccounts.keys.delete',
    'Google Cloud, Handle compromised credentials',
  ],
};
