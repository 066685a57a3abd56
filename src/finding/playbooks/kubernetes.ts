import type { Playbook } from './playbook.ts';

export const KUBERNETES: Playbook = {
  id: 'kubernetes',
  title: 'Kubernetes credential',
  rules: /kube|service-account-token/,
  steps: [
    {
      phase: 'revoke',
      text: 'A single client certificate cannot be revoked: remove its user from every role binding, or replace the certificate authority of the cluster. Delete service account tokens.',
      commands: [
        'kubectl get rolebindings,clusterrolebindings -A -o wide | grep <USER>',
        'kubectl delete secret <TOKEN SECRET> -n <NAMESPACE>',
      ],
    },
    { phase: 'check', text: 'Search the audit log of the API server for the user.', commands: [] },
  ],
  cites: ['Kubernetes Documentation, Managing Service Accounts', 'NSA and CISA, Kubernetes Hardening Guide'],
};
