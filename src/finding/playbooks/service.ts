import type { Playbook } from './playbook.ts';

export const SERVICE: Playbook = {
  id: 'service',
  title: 'Token of a service for work or data',
  rules:
    /^(?:atlassian|trello|linear|notion|figma|airtable|clickup|typeform|contentful|postman|dropbox|hubspot|salesforce|frameio|readme|prefect|dbt|retool|wakatime|zapier|intercom|mapbox|asana|okta|auth0|bitbucket(?!-app)|algolia|zendesk|spotify|ghost|looker)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke it where it was made: the user, the workspace or the application. A token of a sign-in service can make users and sessions: end them too.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Look through the audit log for what was read, exported or shared since the image was built, and for users, applications and hooks that nobody you know has added.',
      commands: [],
    },
  ],
  cites: ['The audit log pages of the service', 'NIST SP 800-61'],
};
