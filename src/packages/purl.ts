import type { Distribution } from './distribution.ts';
import type { Package } from './package.ts';

/** Whose packages they are where the image does not say. */
const VENDORS: Readonly<Record<string, string>> = { deb: 'debian', apk: 'alpine' };

/**
 * The package URL of a package (purl-spec, "How to build purl string components"; PURL-TYPES).
 * @param distribution that of the image, which names whose deb and apk packages these are
 */
export function purlOf(made: Package, distribution: Distribution | null): string {
  const { ecosystem, name, version } = made;
  switch (ecosystem) {
    case 'deb':
    case 'apk':
    case 'rpm':
      return distributionPurl(made, distribution);
    case 'npm': {
      const slash = name.startsWith('@') ? name.indexOf('/') : -1;
      const path =
        slash < 0 ? encode(name) : `${encode(name.slice(0, slash))}/${encode(name.slice(slash + 1))}`;
      return `pkg:npm/${path}@${encode(version)}`;
    }
    case 'pypi':
      return `pkg:pypi/${encode(name.toLowerCase().replaceAll('_', '-'))}@${encode(version)}`;
    case 'gem': {
      const platform = made.architecture === null ? '' : `?platform=${encode(made.architecture)}`;
      return `pkg:gem/${encode(name)}@${encode(version)}${platform}`;
    }
    case 'golang':
      return `pkg:golang/${name.split('/').map(encode).join('/')}@${encode(version)}`;
  }
}

function distributionPurl(
  { ecosystem, name, version, architecture, source }: Package,
  distribution: Distribution | null,
): string {
  const vendor = distribution?.id ?? VENDORS[ecosystem] ?? null;
  const release = distribution?.version == null ? null : `${distribution.id}-${distribution.version}`;
  // Of rpm an epoch is a qualifier, and names keep their case.
  const rpm = ecosystem === 'rpm';
  const [, epoch = null, bare] = rpm ? /^(?:(\d+):)?(.*)$/s.exec(version)! : [null, null, version];
  // Qualifiers in the order of their names, as the canonical form has them.
  const qualifiers = [
    ['arch', architecture],
    ['distro', release],
    ['epoch', epoch],
    ['upstream', source],
  ].flatMap(([key, value]) => (value == null ? [] : [`${key}=${encode(value)}`]));
  const end = qualifiers.length === 0 ? '' : `?${qualifiers.join('&')}`;
  const space = vendor === null ? '' : `${encode(vendor)}/`;
  return `pkg:${ecosystem}/${space}${encode(rpm ? name : name.toLowerCase())}@${encode(bare!)}${end}`;
}

/** Percent-encoding; a colon stays, as the specification has it. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('%3A', ':')
    .replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
