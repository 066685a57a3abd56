import type { Package } from '../package.ts';
import { paragraphs } from './paragraphs.ts';

/**
 * Packages of dpkg's status file, or of one of the files that distroless keeps in `status.d`. A package
 * that was removed and left its configuration is none.
 */
export function readDpkg(text: string): Package[] {
  const packages: Package[] = [];
  for (const fields of paragraphs(text)) {
    const [name, version] = [fields.get('Package'), fields.get('Version')];
    if (name === undefined || version === undefined) continue;
    // `Status: want flag state`; status.d has none.
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
