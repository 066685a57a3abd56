import type { Playbook } from './playbook.ts';

export const MONITORING: Playbook = {
  id: 'monitoring',
  title: 'Monitoring service key',
  rules:
    /^(?:grafana|newrelic|sentry|dynatrace|honeycomb|axiom|posthog|launchdarkly|configcat|datadog|elastic|checkly|statsig|pagerduty|opsgenie|rollbar|bugsnag|splunk|loggly|amplitude|mixpanel|segment)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Delete the key and create a new one. A write-only key lets others submit false data; a key that can read gives access to logs, which often contain more credentials.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Review the audit log for queries and exports with the key. For a feature flag service, look for toggled flags; for an alerting service, for silenced alerts.',
      commands: [],
    },
  ],
  cites: ['Service documentation, API keys', 'NIST SP 800-92'],
};
