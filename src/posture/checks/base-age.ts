import type { Check, Failure } from '../check.ts';

/** End of standard support, by `ID VERSION_ID` (Debian and Ubuntu releases, Alpine release branches, CentOS). */
const END_OF_LIFE: Readonly<Record<string, string>> = {
  'debian 8': '2018-06-17',
  'debian 9': '2020-07-18',
  'debian 10': '2022-09-10',
  'debian 11': '2024-08-14',
  'debian 12': '2026-06-10',
  'ubuntu 16.04': '2021-04-30',
  'ubuntu 18.04': '2023-05-31',
  'ubuntu 20.04': '2025-05-31',
  'alpine 3.15': '2023-11-01',
  'alpine 3.16': '2024-05-23',
  'alpine 3.17': '2024-11-22',
  'alpine 3.18': '2025-05-09',
  'alpine 3.19': '2025-11-01',
  'alpine 3.20': '2026-04-01',
  'alpine 3.21': '2026-11-01',
  'centos 7': '2024-06-30',
  'centos 8': '2021-12-31',
};
const OLD_DAYS = 180;
const DAY = 24 * 3600 * 1000;

export const baseAge: Check = {
  id: 'base-age',
  title: 'Old base',
  looksAt: ['config'],
  references: ['CIS Docker 4.2', 'NIST SP 800-190 4.2.2'],
  advice: ['FROM a newer release, pinned by digest; build again on a schedule.'],
  run(subject) {
    const { finalText, now, stacked } = subject;
    const release = finalText('/etc/os-release') ?? finalText('/usr/lib/os-release');
    const at = [{ kind: 'config', surface: 'config', key: 'created' }] as const;
    const failures: Failure[] = [];
    if (release !== null) {
      const value = (name: string): string =>
        new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(release)?.[1] ?? '';
      const version = value('VERSION_ID');
      const id = value('ID');
      const name = `${id} ${id === 'alpine' ? version.split('.').slice(0, 2).join('.') : version}`;
      const end = END_OF_LIFE[name];
      if (end !== undefined && Date.parse(end) < now.getTime()) {
        failures.push({
          key: 'end-of-life',
          severity: 'medium',
          title: 'The distribution has reached its end of life',
          reason: `${name}: standard support ended on ${end}`,
          at,
        });
      }
    }
    const created = Date.parse(stacked.image.config.created ?? '');
    // Reproducible builds write 1970 or another fixed time: that says nothing of the age.
    if (created > Date.UTC(2013, 0) && now.getTime() - created > OLD_DAYS * DAY) {
      const days = Math.floor((now.getTime() - created) / DAY);
      failures.push({
        key: 'age',
        severity: 'info',
        title: 'Built long ago',
        reason: `the image was built ${days} days ago`,
        at,
      });
    }
    if (failures.length === 0 && release === null && !(created > 0))
      return { unknown: 'no os-release and no time of creation' };
    return failures;
  },
};
