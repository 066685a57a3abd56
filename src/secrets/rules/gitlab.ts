import type { RandomText, Rule } from '../rule.ts';
import { base36Checksum } from '../validators/crc32.ts';
import { BASE62, BASE64URL, HEX } from './alphabet.ts';
import { free, run, type Shape, token, type TokenFacts } from './build.ts';

const TOKENS = 'https://docs.gitlab.com/security/tokens/';
const ROUTABLE =
  'https://handbook.gitlab.com/handbook/engineering/architecture/design-documents/cells/routable_tokens/';
const TWENTY: Shape = [run(BASE64URL, 20)];

function simple(facts: Omit<TokenFacts, 'references'>): Rule {
  return token('gitlab', { confidence: 'high', references: [TOKENS], ...facts });
}

/**
 * Returns a function that makes a routable token. Its payload is routing lines, random bytes, and the number
 * of random bytes.
 */
function routable(prefix: string) {
  return (random: RandomText): string => {
    const lines = `c:1\no:${random.text('123456789', 1)}\nu:${random.text('123456789', 3)}\n`;
    const payload = Buffer.concat([Buffer.from(lines), random.bytes(16), Buffer.from([16])]);
    const body = payload.toString('base64url');
    const head = `${prefix}${body}.01.${body.length.toString(36).padStart(2, '0')}`;
    return head + base36Checksum(head);
  };
}

/** GitLab. */
export const GITLAB_RULES: readonly Rule[] = [
  simple({
    id: 'gitlab-personal-token',
    title: 'GitLab access token',
    prefix: 'glpat-',
    shape: TWENTY,
    right: '(?![A-Za-z0-9_.-])',
    severity: 'critical',
  }),
  free('gitlab', {
    id: 'gitlab-routable-token',
    title: 'GitLab routable token',
    anchors: ['glpat-', 'glrt-', 'gldt-', 'glcbt-', 'glrtr-', 'glptt-'].map((text) => ({ text })),
    pattern:
      'gl(?:pat|rt|dt|cbt|rtr|ptt)-(?:t\\d_)?[\\w-]{27,300}(?:\\.[0-9a-z]{2})?\\.[0-9a-z]{9}(?![A-Za-z0-9])',
    validator: 'gitlab-routable',
    severity: 'critical',
    references: [ROUTABLE],
    example: routable('glpat-'),
  }),
  simple({ id: 'gitlab-deploy-token', title: 'GitLab deploy token', prefix: 'gldt-', shape: TWENTY }),
  simple({
    id: 'gitlab-runner-token',
    title: 'GitLab runner authentication token',
    prefix: ['glrt-', 'glrtr-'],
    shape: [run(BASE64URL, 20, 26)],
    right: '(?![A-Za-z0-9_.-])',
  }),
  simple({
    id: 'gitlab-runner-registration-token',
    title: 'GitLab runner registration token',
    prefix: 'GR1348941',
    shape: TWENTY,
  }),
  simple({
    id: 'gitlab-trigger-token',
    title: 'GitLab pipeline trigger token',
    prefix: 'glptt-',
    shape: [run(HEX, 40)],
    severity: 'medium',
  }),
  simple({
    id: 'gitlab-feed-token',
    title: 'GitLab feed token',
    prefix: 'glft-',
    shape: TWENTY,
    severity: 'medium',
  }),
  simple({ id: 'gitlab-scim-token', title: 'GitLab SCIM token', prefix: 'glsoat-', shape: TWENTY }),
  simple({
    id: 'gitlab-job-token',
    title: 'GitLab CI job token',
    prefix: 'glcbt-',
    shape: [run(HEX, 1, 5), '_', run(BASE64URL, 20)],
    severity: 'medium',
  }),
  simple({
    id: 'gitlab-agent-token',
    title: 'GitLab agent for Kubernetes token',
    prefix: 'glagent-',
    shape: [run(BASE64URL, 50)],
  }),
  simple({
    id: 'gitlab-incoming-mail-token',
    title: 'GitLab incoming mail token',
    prefix: 'glimt-',
    shape: [run(BASE62, 25)],
    severity: 'medium',
  }),
  simple({
    id: 'gitlab-oauth-secret',
    title: 'GitLab OAuth application secret',
    prefix: 'gloas-',
    shape: [run(HEX, 64)],
  }),
  simple({
    id: 'gitlab-feature-flag-token',
    title: 'GitLab feature flags client token',
    prefix: 'glffct-',
    shape: TWENTY,
    severity: 'medium',
  }),
  simple({
    id: 'gitlab-session-cookie',
    title: 'GitLab session cookie',
    prefix: '_gitlab_session=',
    shape: [run(HEX, 32)],
    severity: 'medium',
  }),
];
