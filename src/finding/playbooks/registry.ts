import type { Playbook } from './playbook.ts';

export const REGISTRY: Playbook = {
  id: 'registry',
  title: 'Container registry login',
  rules: /registry-|docker|quay/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke the token where it was created. The auths entries of the file are user:password in base64.',
      commands: ["jq -r '.auths | keys[]' <CONFIG.JSON>"],
    },
    {
      phase: 'check',
      text: 'Review what was pushed and pulled with it. Look for moved tags and for manifests that you did not build.',
      commands: [],
    },
  ],
  cites: ['Docker Docs, Personal access tokens', 'Docker Docs, docker login'],
};
