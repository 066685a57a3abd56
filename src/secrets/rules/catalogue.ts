import type { Rule } from '../rule.ts';
import { AI_RULES } from './ai.ts';
import { ASSIGNMENT_RULES } from './assignments.ts';
import { AWS_RULES } from './aws.ts';
import { AZURE_RULES } from './azure.ts';
import { CHAT_RULES } from './chat.ts';
import { CLOUD_RULES } from './cloud.ts';
import { DELIVERY_RULES } from './delivery.ts';
import { GITHUB_RULES } from './github.ts';
import { GITLAB_RULES } from './gitlab.ts';
import { GOOGLE_RULES } from './google.ts';
import { KEY_RULES } from './keys.ts';
import { MAIL_RULES } from './mail.ts';
import { MONITORING_RULES } from './monitoring.ts';
import { PACKAGE_RULES } from './packages.ts';
import { PAYMENT_RULES } from './payment.ts';
import { VAULT_RULES } from './vaults.ts';
import { WEB_RULES } from './web.ts';
import { WORK_RULES } from './work.ts';

/** All rules, the most specific families first: if two rules match at one place, the earlier one names the hit. */
export const RULES: readonly Rule[] = [
  ...GOOGLE_RULES,
  ...KEY_RULES,
  ...GITHUB_RULES,
  ...GITLAB_RULES,
  ...AWS_RULES,
  ...AZURE_RULES,
  ...AI_RULES,
  ...CHAT_RULES,
  ...PAYMENT_RULES,
  ...PACKAGE_RULES,
  ...VAULT_RULES,
  ...MAIL_RULES,
  ...CLOUD_RULES,
  ...MONITORING_RULES,
  ...DELIVERY_RULES,
  ...WORK_RULES,
  ...WEB_RULES,
  ...ASSIGNMENT_RULES,
];
