import type { Playbook } from './playbook.ts';

export const NPM: Playbook = {
  id: 'npm',
  title: 'npm access token',
  rules: /^npm-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke the token. It can take up to an hour to reach every registry server.',
      commands: ['npm token list', 'npm token revoke <ID>'],
    },
    {
      phase: 'check',
      text: 'Review what was published since the image was built, in every package that the token can write to.',
      commands: ['npm access list packages <USER>', 'npm view <PACKAGE> time'],
    },
  ],
  cites: ['npm Docs, Revoking access tokens'],
};
