import type { Distribution } from './distribution.ts';
import type { Package } from './package.ts';

/**
 * The package URL of a package (purl-spec, "How to build purl string components"; PURL-TYPES).
 * @param distribution that of the image, which names whose deb and apk packages these are
 */
export function purlOf(made: Package, distribution: Distribution | null): string {
  const { ecosystem, name, version } = made;
  switch (ecosystem) {
    case 'deb':
    case 'apk':
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
  const vendor = distribution?.id ?? (ecosystem === 'deb' ? 'debian' : 'alpine');
  const release = distribution?.version == null ? null : `${distribution.id}-${distribution.version}`;
  // Qualifiers in the order of their names, as the canonical form has them.
  const qualifiers = [
    ['arch', architecture],
    ['distro', release],
    ['upstream', source],
  ].flatMap(([key, value]) => (value == null ? [] : [`${key}=${encode(value)}`]));
  const end = qualifiers.length === 0 ? '' : `?${qualifiers.join('&')}`;
  return `pkg:${ecosystem}/${encode(vendor)}/${encode(name.toLowerCase())}@${encode(version)}${end}`;
}

/** Percent-encoding; a colon stays, as the specification has it. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('%3A', ':')
    .replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
