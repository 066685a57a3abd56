import { AWS } from './aws.ts';
import { DATABASE } from './database.ts';
import { GENERIC } from './generic.ts';
import { GITHUB } from './github.ts';
import { GITLAB } from './gitlab.ts';
import { GOOGLE } from './google.ts';
import { JWT } from './jwt.ts';
import { KUBERNETES } from './kubernetes.ts';
import { NPM } from './npm.ts';
import { PACKAGE_INDEX } from './packages.ts';
import { PASSWORD } from './password.ts';
import type { Playbook } from './playbook.ts';
import { PRIVATE_KEY } from './private-key.ts';
import { REGISTRY } from './registry.ts';
import { SLACK } from './slack.ts';
import { SSH_KEY } from './ssh-key.ts';
import { STRIPE } from './stripe.ts';

/** All playbooks; the first that fits a rule is taken, so the special ones come first. */
export const PLAYBOOKS: readonly Playbook[] = [
  AWS,
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
  GENERIC,
];

/** The playbook for what a rule finds. */
export function playbookFor(rule: string): Playbook {
  return PLAYBOOKS.find(({ rules }) => rules.test(rule)) ?? GENERIC;
}
