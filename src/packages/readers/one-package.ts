import { isObject, stringField } from '../../image/json-fields.ts';
import type { Package } from '../package.ts';
import { paragraphs } from './paragraphs.ts';

/** Readers of files that stand for one package each. All give null for what is not one. */

/** An installed module's package.json (npm docs, "package.json"): name and version are what it must have. */
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

/** METADATA of a wheel or PKG-INFO of an egg (core metadata specifications of Python). */
export function readPython(text: string): Package | null {
  const [fields] = paragraphs(text.replaceAll('\r\n', '\n'));
  const [name, version] = [fields?.get('Name'), fields?.get('Version')];
  if (name === undefined || version === undefined) return null;
  return { ecosystem: 'pypi', name, version, architecture: null, source: null };
}

/** A gem's specification, which is a program: name and version stand in it as RubyGems writes them. */
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
