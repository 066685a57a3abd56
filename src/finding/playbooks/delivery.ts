import type { Playbook } from './playbook.ts';

export const DELIVERY: Playbook = {
  id: 'delivery',
  title: 'Token of a build or delivery service',
  rules:
    /^(?:circleci|buildkite|harness|octopus|sonarqube|sourcegraph|snyk|chromatic|planetscale|databricks|xata|deno|depot|clickhouse|fauna|sonar|codecov|codeclimate|coveralls|travis|drone|jenkins|gitea|cypress|browserstack|saucelabs|confluent|upstash|expo|teamcity)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Revoke it and make a new one for the one project that needs it. Where it can start builds or read their settings, renew the secrets that those builds are given.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Look at builds, deployments and data read since the image was built, and at hooks, runners and keys that nobody you know has added.',
      commands: [],
    },
  ],
  cites: ['The access token pages of the service', 'SLSA v1.0, Threats: build'],
};
