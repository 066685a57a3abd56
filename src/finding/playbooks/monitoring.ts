import type { Playbook } from './playbook.ts';

export const MONITORING: Playbook = {
  id: 'monitoring',
  title: 'Key of a monitoring service',
  rules:
    /^(?:grafana|newrelic|sentry|dynatrace|honeycomb|axiom|posthog|launchdarkly|configcat|datadog|elastic|checkly|statsig|pagerduty|opsgenie|rollbar|bugsnag|splunk|loggly|amplitude|mixpanel|segment)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Delete the key and make a new one. A key that can only send lets others put false data in; one that can read opens logs, which often hold more credentials.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Look at the audit log for queries and exports with it; for a flag service, at flags that were switched; for an alarm service, at alarms that were silenced.',
      commands: [],
    },
  ],
  cites: ['The API key pages of the service', 'NIST SP 800-92'],
};
