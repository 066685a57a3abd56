import type { Check } from '../check.ts';
import { settingEntry } from '../setting-entry.ts';

const SENSITIVE = /^\/(?:dev|proc|sys|etc|bin|sbin|usr|boot|lib|lib64)?\/?$|docker\.sock$/;

export const sensitiveVolume: Check = {
  id: 'sensitive-volume',
  title: 'Volume over a system directory',
  severities: ['high'],
  sources: ['config'],
  references: ['dockle DKL-DI-0002'],
  advice: ['Use VOLUME only for application data, such as /var/lib/<NAME>.'],
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
