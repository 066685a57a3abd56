import type { Distribution } from './distribution.ts';
import type { Package } from './package.ts';

/** The vendor of packages if the image does not name its distribution. */
const VENDORS: Readonly<Record<string, string>> = { deb: 'debian', apk: 'alpine' };

/**
 * Returns the package URL of a package (purl-spec, "How to build purl string components"; PURL-TYPES).
 * @param distribution distribution of the image: the vendor of its deb, apk and rpm packages
 */
export function purlOf(pkg: Package, distribution: Distribution | null): string {
  const { ecosystem, name, version } = pkg;
  switch (ecosystem) {
    case 'deb':
    case 'apk':
    case 'rpm':
      return distributionPurl(pkg, distribution);
    case 'npm': {
      const slash = name.startsWith('@') ? name.indexOf('/') : -1;
      const path =
        slash < 0 ? encode(name) : `${encode(name.slice(0, slash))}/${encode(name.slice(slash + 1))}`;
      return `pkg:npm/${path}@${encode(version)}`;
    }
    case 'pypi':
      return `pkg:pypi/${encode(name.toLowerCase().replaceAll('_', '-'))}@${encode(version)}`;
    case 'gem': {
      const platform = pkg.architecture === null ? '' : `?platform=${encode(pkg.architecture)}`;
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
  // For rpm, the epoch is a qualifier and names keep their case.
  const rpm = ecosystem === 'rpm';
  const [, epoch = null, bare] = rpm ? /^(?:(\d+):)?(.*)$/s.exec(version)! : [null, null, version];
  // The canonical form has the qualifiers sorted by name.
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

/** Percent-encodes text, except for colons (purl-spec, "Character encoding"). */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('%3A', ':')
    .replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
