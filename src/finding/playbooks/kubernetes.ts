import type { Playbook } from './playbook.ts';

export const KUBERNETES: Playbook = {
  id: 'kubernetes',
  title: 'Kubernetes credential',
  rules: /kube|service-account-token/,
  steps: [
    {
      phase: 'revoke',
      text: 'A client certificate cannot be revoked alone: take its user out of every role binding, or give the cluster a new authority. Delete the tokens of service accounts.',
      commands: [
        'kubectl get rolebindings,clusterrolebindings -A -o wide | grep <USER>',
        'kubectl delete secret <TOKEN SECRET> -n <NAMESPACE>',
      ],
    },
    { phase: 'check', text: 'Look for the user in the audit log of the API server.', commands: [] },
  ],
  cites: ['Kubernetes Documentation, Managing Service Accounts', 'NSA and CISA, Kubernetes Hardening Guide'],
};
