import type { Playbook } from './playbook.ts';

export const DELIVERY: Playbook = {
  id: 'delivery',
  title: 'Build or delivery service token',
  rules:
    /^(?:circleci|buildkite|harness|octopus|sonarqube|sourcegraph|snyk|chromatic|planetscale|databricks|xata|deno|depot|clickhouse|fauna|sonar|codecov|codeclimate|coveralls|travis|drone|jenkins|gitea|cypress|browserstack|saucelabs|confluent|upstash|expo|teamcity)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke the token and create a new one for the one project that needs it. If it can start builds or read their settings, rotate the secrets of those builds.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Review the builds, deployments and data access since the image was built. Look for hooks, runners and keys that you do not recognize.',
      commands: [],
    },
  ],
  cites: ['Service documentation, access tokens', 'SLSA v1.0, Threats: build'],
};
