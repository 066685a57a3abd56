import { Problem } from '../problem.ts';
import type { SavedForm } from './forms/form.ts';
import { formOfTransport } from './forms/registry.ts';
import type { ImageForm } from './image-form.ts';

/** The parsed name of an image (containers-transports(5)). */
export type ImageReference =
  | { readonly kind: 'demo' }
  | { readonly kind: 'stdin' }
  | {
      readonly kind: 'path';
      readonly form: ImageForm | null;
      readonly path: string;
      readonly image: string | null;
    }
  | {
      readonly kind: 'engine';
      readonly engine: 'docker' | 'podman' | 'containerd' | 'any';
      readonly name: string;
    }
  | { readonly kind: 'registry'; readonly name: string };

const ENGINE_TRANSPORTS: Readonly<Record<string, 'docker' | 'podman' | 'containerd'>> = {
  'docker-daemon': 'docker',
  'containers-storage': 'podman',
  containerd: 'containerd',
};

/**
 * Parses the name of an image.
 * @param text as typed
 * @param exists reports whether a path exists: a name without a transport is a path if that path exists
 * @throws Problem `usage` for names that could be read as an option or contain control characters
 */
export function parseReference(text: string | undefined, exists: (path: string) => boolean): ImageReference {
  if (text === undefined) return { kind: 'demo' };
  if (text === '-') return { kind: 'stdin' };
  if (text === '') throw new Problem('usage', 'the image name is empty');
  const colon = text.indexOf(':');
  const transport = colon < 0 ? '' : text.slice(0, colon);
  const rest = text.slice(colon + 1);
  const form = formOfTransport(transport);
  if (form !== null) return pathReference(form, rest, exists);
  const engine = ENGINE_TRANSPORTS[transport];
  if (engine !== undefined) return { kind: 'engine', engine, name: checkName(rest) };
  if (text.startsWith('docker://'))
    return { kind: 'registry', name: checkName(text.slice('docker://'.length)) };
  if (exists(text) || looksLikePath(text)) return { kind: 'path', form: null, path: text, image: null };
  return { kind: 'engine', engine: 'any', name: checkName(text) };
}

/** Parses `PATH[:REF]`. The colon belongs to the path if a file with the whole name exists. */
function pathReference(
  { choosesByReference, id: form, transport }: SavedForm,
  rest: string,
  exists: (path: string) => boolean,
): ImageReference {
  if (rest === '') throw new Problem('usage', `missing path: expected ${transport}:PATH`);
  if (!choosesByReference || exists(rest)) return { kind: 'path', form, path: rest, image: null };
  for (let colon = rest.indexOf(':', 1); colon > 0; colon = rest.indexOf(':', colon + 1)) {
    const path = rest.slice(0, colon);
    if (exists(path)) return { kind: 'path', form, path, image: rest.slice(colon + 1) };
  }
  return { kind: 'path', form, path: rest, image: null };
}

/** Reports whether a text can only be a path, so that no engine is asked for a missing file. */
function looksLikePath(text: string): boolean {
  return /^(\.{0,2}\/|~)/.test(text) || /\.(tar|tgz|tar\.(gz|zst|xz|bz2)|oci)$/i.test(text);
}

function checkName(name: string): string {
  if (name === '') throw new Problem('usage', 'missing image name after the transport');
  if (name.startsWith('-')) {
    throw new Problem('usage', `invalid image name "${name}": it begins with a dash`);
  }
  if (/[\x00-\x20\x7f]/.test(name)) {
    throw new Problem('usage', `invalid image name "${name}": it contains a space or a control character`);
  }
  return name;
}
