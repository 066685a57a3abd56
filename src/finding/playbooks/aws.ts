import type { Playbook } from './playbook.ts';

export const AWS: Playbook = {
  id: 'aws',
  title: 'AWS access key',
  rules: /^(?:aws|amazon)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Deactivate the key at once; delete it when nothing breaks. Sessions that it opened stay valid: revoke them too.',
      commands: [
        'aws iam update-access-key --access-key-id <KEY ID> --status Inactive --user-name <USER>',
        'aws iam delete-access-key --access-key-id <KEY ID> --user-name <USER>',
      ],
    },
    {
      phase: 'check',
      text: 'Search the CloudTrail event history, which covers 90 days, for uses of the key. A policy named AWSCompromisedKeyQuarantine on the user means that AWS found the key in public.',
      commands: [
        'aws cloudtrail lookup-events --lookup-attributes AttributeKey=AccessKeyId,AttributeValue=<KEY ID>',
        'aws iam get-access-key-last-used --access-key-id <KEY ID>',
        'aws iam list-attached-user-policies --user-name <USER>',
      ],
    },
  ],
  cites: [
    'AWS IAM User Guide, Managing access keys for IAM users',
    'AWS Managed Policy Reference, AWSCompromisedKeyQuarantineV3',
  ],
};
