import type { Playbook } from './playbook.ts';

export const REGISTRY: Playbook = {
  id: 'registry',
  title: 'Login of a container registry',
  rules: /registry-|docker|quay/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke the token where it was made; what stands in auths is user:password in base64.',
      commands: ["jq -r '.auths | keys[]' <CONFIG.JSON>"],
    },
    {
      phase: 'check',
      text: 'Look at what was pushed and pulled with it: tags that have moved, manifests that nobody has built.',
      commands: [],
    },
  ],
  cites: ['Docker Docs, Personal access tokens', 'Docker Docs, docker login'],
};
