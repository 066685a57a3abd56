import { field, objectField } from '../../image/json-fields.ts';
import type { Check } from '../check.ts';
import { settingEntry } from '../setting-entry.ts';

export const healthcheck: Check = {
  id: 'no-healthcheck',
  title: 'No health check',
  severities: ['info'],
  sources: ['config'],
  references: ['CIS Docker 4.6', 'dockle CIS-DI-0006', 'trivy DS-0026'],
  advice: ['HEALTHCHECK CMD <COMMAND>', 'Not needed if the orchestrator has its own probes.'],
  run({ history, stacked: { image } }) {
    const { healthcheck: health } = image.config.runtime;
    const at = [
      { kind: 'config', surface: 'config', key: 'Healthcheck', entry: settingEntry(history, 'HEALTHCHECK') },
    ] as const;
    if (health !== null) {
      return health.test[0] === 'NONE'
        ? [
            {
              key: 'healthcheck',
              severity: 'info',
              reason: 'the health check is disabled (HEALTHCHECK NONE)',
              at,
            },
          ]
        : [];
    }
    // The OCI image specification has no Healthcheck field: only Docker builders write it.
    const config = objectField(image.config.raw, 'config') ?? {};
    const docker =
      field(image.config.raw, 'docker_version') !== undefined ||
      field(config, 'Image') !== undefined ||
      field(image.config.raw, 'container_config') !== undefined ||
      // Only the last entry: the base may come from BuildKit while the rest does not.
      image.config.history.at(-1)?.comment?.startsWith('buildkit.') === true;
    if (!docker && image.form !== 'docker-archive') {
      return { unknown: 'the OCI image config has no field for health checks' };
    }
    return [{ key: 'healthcheck', severity: 'info', reason: 'the config has no health check', at }];
  },
};
