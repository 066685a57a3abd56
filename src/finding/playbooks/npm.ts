import type { Playbook } from './playbook.ts';

export const NPM: Playbook = {
  id: 'npm',
  title: 'npm access token',
  rules: /^npm-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke it; it may take up to an hour until every registry server knows.',
      commands: ['npm token list', 'npm token revoke <ID>'],
    },
    {
      phase: 'check',
      text: 'Look at what was published since the image was built, by every package that the token could write.',
      commands: ['npm access list packages <USER>', 'npm view <PACKAGE> time'],
    },
  ],
  cites: ['npm Docs, Revoking access tokens'],
};
