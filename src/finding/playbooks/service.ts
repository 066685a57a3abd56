import type { Playbook } from './playbook.ts';

export const SERVICE: Playbook = {
  id: 'service',
  title: 'Work or data service token',
  rules:
    /^(?:atlassian|trello|linear|notion|figma|airtable|clickup|typeform|contentful|postman|dropbox|hubspot|salesforce|frameio|readme|prefect|dbt|retool|wakatime|zapier|intercom|mapbox|asana|okta|auth0|bitbucket(?!-app)|algolia|zendesk|spotify|ghost|looker)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke the token where it was created: in the user, workspace or application settings. A token of an identity provider can create users and sessions: remove these too.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Review the audit log for what was read, exported or shared since the image was built. Look for users, applications and hooks that you do not recognize.',
      commands: [],
    },
  ],
  cites: ['Service documentation, audit log', 'NIST SP 800-61'],
};
