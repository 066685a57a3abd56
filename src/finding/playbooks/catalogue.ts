import { AI } from './ai.ts';
import { AWS } from './aws.ts';
import { AZURE } from './azure.ts';
import { CLOUD } from './cloud.ts';
import { DATABASE } from './database.ts';
import { DELIVERY } from './delivery.ts';
import { GENERIC } from './generic.ts';
import { GITHUB } from './github.ts';
import { GITLAB } from './gitlab.ts';
import { GOOGLE } from './google.ts';
import { JWT } from './jwt.ts';
import { KUBERNETES } from './kubernetes.ts';
import { MESSAGING } from './messaging.ts';
import { MONITORING } from './monitoring.ts';
import { NPM } from './npm.ts';
import { PACKAGE_INDEX } from './packages.ts';
import { PASSWORD } from './password.ts';
import { PAYMENT } from './payment.ts';
import type { Playbook } from './playbook.ts';
import { PRIVATE_KEY } from './private-key.ts';
import { REGISTRY } from './registry.ts';
import { SERVICE } from './service.ts';
import { SLACK } from './slack.ts';
import { SSH_KEY } from './ssh-key.ts';
import { STRIPE } from './stripe.ts';
import { VAULT } from './vault.ts';

/** All playbooks. The first that matches a rule is used, so the specific ones come first. */
export const PLAYBOOKS: readonly Playbook[] = [
  AWS,
  AZURE,
  GITHUB,
  GITLAB,
  NPM,
  PACKAGE_INDEX,
  GOOGLE,
  SLACK,
  STRIPE,
  SSH_KEY,
  KUBERNETES,
  REGISTRY,
  DATABASE,
  JWT,
  PRIVATE_KEY,
  PASSWORD,
  VAULT,
  AI,
  MESSAGING,
  CLOUD,
  DELIVERY,
  MONITORING,
  PAYMENT,
  SERVICE,
  GENERIC,
];

/** Cluster credentials are ordinary tokens and keys: only their path shows that they belong to a cluster. */
const KUBERNETES_PATH =
  /\/\.kube\/|kubeconfig|\/etc\/kubernetes\/|\/var\/lib\/kubelet\/|\/serviceaccount\/token$|\/etc\/rancher\/k3s\//i;

/**
 * Returns the playbook for the findings of a rule.
 * @param path path of the file with the finding; null outside files
 */
export function playbookFor(rule: string, path: string | null = null): Playbook {
  if (path !== null && KUBERNETES_PATH.test(path)) return KUBERNETES;
  return PLAYBOOKS.find(({ rules }) => rules.test(rule)) ?? GENERIC;
}
