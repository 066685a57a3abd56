import type { Playbook } from './playbook.ts';

export const AZURE: Playbook = {
  id: 'azure',
  title: 'Azure credential',
  rules: /^azure-(?!registry)/,
  steps: [
    {
      phase: 'revoke',
      text: 'Create a second key or secret, move the services to it, then remove the leaked one. A shared access signature becomes invalid with the key that signed it.',
      commands: [
        'az storage account keys renew --account-name <ACCOUNT> --key <primary|secondary>',
        'az ad app credential delete --id <APP ID> --key-id <KEY ID>',
        'az cognitiveservices account keys regenerate --name <NAME> --resource-group <GROUP> --key-name <key1|key2>',
      ],
    },
    {
      phase: 'check',
      text: 'Review the activity log, the sign-in log of the application and the diagnostic log of the service since the image was built.',
      commands: ['az monitor activity-log list --offset 90d --caller <APP ID>'],
    },
  ],
  cites: ['Microsoft Learn, Manage storage account access keys', 'Microsoft Learn, az ad app credential'],
};
