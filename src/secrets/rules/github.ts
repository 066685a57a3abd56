import type { RandomText, Rule } from '../rule.ts';
import { base62Checksum } from '../validators/crc32.ts';
import { BASE62, HEX } from './alphabet.ts';
import { named, run, token } from './build.ts';

const FORMATS = 'https://github.blog/engineering/behind-githubs-new-authentication-token-formats/';

function checksummed(prefix: string) {
  return (random: RandomText): string => {
    const body = random.text(BASE62.characters, 30);
    return `${prefix}${body}${base62Checksum(body)}`;
  };
}

function classic(id: string, title: string, prefix: string, severity: Rule['severity']): Rule {
  return token('github', {
    id,
    title,
    prefix,
    shape: [run(BASE62, 36)],
    validator: 'crc32-base62',
    severity,
    references: [FORMATS],
    example: checksummed(prefix),
  });
}

/** GitHub and the services around it. */
export const GITHUB_RULES: readonly Rule[] = [
  classic('github-personal-token', 'GitHub personal access token', 'ghp_', 'critical'),
  classic('github-oauth-token', 'GitHub OAuth access token', 'gho_', 'critical'),
  classic('github-user-to-server-token', 'GitHub App user token', 'ghu_', 'high'),
  classic('github-server-to-server-token', 'GitHub App installation token', 'ghs_', 'high'),
  classic('github-refresh-token', 'GitHub App refresh token', 'ghr_', 'high'),
  token('github', {
    id: 'github-fine-grained-token',
    title: 'GitHub fine-grained access token',
    prefix: 'github_pat_',
    shape: [run(BASE62, 22), '_', run(BASE62, 59)],
    severity: 'critical',
    confidence: 'high',
    references: [FORMATS],
  }),
  named('github', {
    id: 'github-client-secret',
    title: 'GitHub App or OAuth client secret',
    words: ['github_client_secret', 'gh_client_secret', 'github_oauth'],
    shape: [run(HEX, 40)],
    references: ['https://docs.github.com/en/apps/oauth-apps'],
  }),
];
