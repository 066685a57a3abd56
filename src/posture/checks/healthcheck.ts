import { field, objectField } from '../../image/json-fields.ts';
import type { Check } from '../check.ts';
import { settingEntry } from '../setting-entry.ts';

export const healthcheck: Check = {
  id: 'no-healthcheck',
  title: 'No health check',
  severities: ['info'],
  sources: ['config'],
  references: ['CIS Docker 4.6', 'dockle CIS-DI-0006', 'trivy DS-0026'],
  advice: ['HEALTHCHECK CMD <COMMAND>', 'An orchestrator with probes of its own needs none.'],
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
              reason: 'the health check of the base is switched off',
              at,
            },
          ]
        : [];
    }
    // The OCI image specification has no such field: only Docker's own builders would have written one.
    const config = objectField(image.config.raw, 'config') ?? {};
    const docker =
      field(image.config.raw, 'docker_version') !== undefined ||
      field(config, 'Image') !== undefined ||
      field(image.config.raw, 'container_config') !== undefined ||
      // A base of BuildKit's may lie below what another builder wrote.
      image.config.history.at(-1)?.comment?.startsWith('buildkit.') === true;
    if (!docker && image.form !== 'docker-archive') {
      return { unknown: 'a config of the OCI specification has no field for it' };
    }
    return [{ key: 'healthcheck', severity: 'info', reason: 'the config has none', at }];
  },
};
