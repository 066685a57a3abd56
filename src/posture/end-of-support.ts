import type { Distribution } from '../packages/distribution.ts';

/** End of standard support, by ID and VERSION_ID of os-release; for Alpine by branch. */
const END_OF_SUPPORT: Readonly<Record<string, string>> = {
  'debian 8': '2018-06-17',
  'debian 9': '2020-07-18',
  'debian 10': '2022-09-10',
  'debian 11': '2024-08-14',
  'debian 12': '2026-06-10',
  'debian 13': '2028-08-09',
  'ubuntu 16.04': '2021-04-30',
  'ubuntu 18.04': '2023-05-31',
  'ubuntu 20.04': '2025-05-31',
  'ubuntu 22.04': '2027-06-30',
  'ubuntu 24.04': '2029-06-30',
  'alpine 3.15': '2023-11-01',
  'alpine 3.16': '2024-05-23',
  'alpine 3.17': '2024-11-22',
  'alpine 3.18': '2025-05-09',
  'alpine 3.19': '2025-11-01',
  'alpine 3.20': '2026-04-01',
  'alpine 3.21': '2026-11-01',
  'alpine 3.22': '2027-05-01',
  'centos 7': '2024-06-30',
  'centos 8': '2021-12-31',
};

/**
 * Returns when the standard support of a release ends.
 * @returns the name of the release and the date (`2026-06-10`); null if the release is not in the table
 */
export function endOfSupport({ id, version }: Distribution): { release: string; date: string } | null {
  if (version === null) return null;
  const branch = id === 'alpine' ? version.split('.').slice(0, 2).join('.') : version;
  const release = `${id} ${branch}`;
  const date = Object.hasOwn(END_OF_SUPPORT, release) ? END_OF_SUPPORT[release]! : null;
  return date === null ? null : { release, date };
}
