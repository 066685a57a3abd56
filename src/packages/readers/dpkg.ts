import type { Package } from '../package.ts';
import { paragraphs } from './paragraphs.ts';

/**
 * Parses the dpkg status file, or a distroless file in `status.d`. Packages of which only the
 * configuration files are left are not installed and not returned.
 */
export function readDpkg(text: string): Package[] {
  const packages: Package[] = [];
  for (const fields of paragraphs(text)) {
    const [name, version] = [fields.get('Package'), fields.get('Version')];
    if (name === undefined || version === undefined) continue;
    // `Status: want flag state`; files in status.d do not have it.
    const state = fields.get('Status')?.split(/\s+/)[2] ?? 'installed';
    if (state === 'not-installed' || state === 'config-files') continue;
    const source = fields.get('Source')?.replace(/\s*\(.*$/, '') ?? null;
    const architecture = fields.get('Architecture') ?? null;
    packages.push({
      ecosystem: 'deb',
      name,
      version,
      architecture,
      source: source === name ? null : source,
    });
  }
  return packages;
}
