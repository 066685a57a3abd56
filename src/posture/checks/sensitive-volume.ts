import type { Check } from '../check.ts';
import { settingEntry } from '../setting-entry.ts';

const SENSITIVE = /^\/(?:dev|proc|sys|etc|bin|sbin|usr|boot|lib|lib64)?\/?$|docker\.sock$/;

export const sensitiveVolume: Check = {
  id: 'sensitive-volume',
  title: 'A volume over a part of the system',
  severities: ['high'],
  sources: ['config'],
  references: ['dockle DKL-DI-0002'],
  advice: ['VOLUME for data of the application only, as in /var/lib/<NAME>'],
  run({ history, stacked }) {
    const paths = stacked.image.config.runtime.volumes.filter((path) => SENSITIVE.test(path));
    return paths.map((path) => ({
      key: path,
      severity: 'high',
      reason: `VOLUME ${path}`,
      at: [
        { kind: 'config', surface: 'config', key: 'Volumes', entry: settingEntry(history, 'VOLUME', path) },
      ] as const,
    }));
  },
};
