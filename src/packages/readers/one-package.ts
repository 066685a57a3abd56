import { isObject, stringField } from '../../image/json-fields.ts';
import type { Package } from '../package.ts';
import { paragraphs } from './paragraphs.ts';

// Readers of files that describe one package. They return null if the file is invalid.

/** Parses the package.json of an installed module (npm docs, "package.json"); name and version are required. */
export function readNpm(text: string): Package | null {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const [name, version] = [stringField(value, 'name'), stringField(value, 'version')];
  if (name === null || name === '' || version === null || version === '') return null;
  return { ecosystem: 'npm', name, version, architecture: null, source: null };
}

/** Parses METADATA of a wheel or PKG-INFO of an egg (Python core metadata specifications). */
export function readPython(text: string): Package | null {
  const [fields] = paragraphs(text.replaceAll('\r\n', '\n'));
  const [name, version] = [fields?.get('Name'), fields?.get('Version')];
  if (name === undefined || version === undefined) return null;
  return { ecosystem: 'pypi', name, version, architecture: null, source: null };
}

/** Parses the specification of a gem: a Ruby program in which RubyGems writes name and version as literals. */
export function readGem(text: string): Package | null {
  const name = /^[ \t]*s\.name\s*=\s*["']([^"']+)["']/m.exec(text)?.[1];
  const version = /^[ \t]*s\.version\s*=\s*(?:Gem::Version\.new\()?\s*["']([^"']+)["']/m.exec(text)?.[1];
  if (name === undefined || version === undefined) return null;
  const platform = /^[ \t]*s\.platform\s*=\s*["']([^"']+)["']/m.exec(text)?.[1] ?? null;
  return {
    ecosystem: 'gem',
    name,
    version,
    architecture: platform === 'ruby' ? null : platform,
    source: null,
  };
}
