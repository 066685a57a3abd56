import type { Image } from '../../image/image.ts';
import type { SurfaceText } from './surface-text.ts';

/** Maximum nesting depth; engines write at most four levels. */
const MAX_DEPTH = 12;

/**
 * Yields every text of the config (without the history) and the annotations of the manifest and the index.
 */
export function* configTexts(image: Image): Generator<SurfaceText, void> {
  yield* valueTexts(image.config.raw, '', true, 0);
  for (const [key, text] of Object.entries(image.annotations)) yield label(key, text, 'annotation');
}

function* valueTexts(value: unknown, key: string, top: boolean, depth: number): Generator<SurfaceText, void> {
  if (depth > MAX_DEPTH) return;
  if (typeof value === 'string') {
    if (value !== '') yield { surface: 'config', key, prefix: '', text: value, kind: 'commands' };
    return;
  }
  if (Array.isArray(value)) {
    yield* listTexts(value, key, depth);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    // The history is a separate surface; digests need no scan.
    if (top && (name === 'history' || name === 'rootfs')) continue;
    const inner = key === '' || key === 'config' ? name : `${key}.${name}`;
    const parent = key === '' && (name === 'config' || name === 'container_config') ? name : inner;
    yield* fieldTexts(name, item, parent, depth + 1);
  }
}

function* fieldTexts(name: string, item: unknown, key: string, depth: number): Generator<SurfaceText, void> {
  if (name === 'Env' && Array.isArray(item)) {
    for (const variable of item.filter((each) => typeof each === 'string')) {
      const equals = variable.indexOf('=');
      const [prefix, text] = [variable.slice(0, equals + 1), variable.slice(equals + 1)];
      const variableName = prefix.slice(0, -1) || variable;
      // The environment in `container_config` is that of the build, not of the container.
      const place =
        key === 'Env'
          ? ({ surface: 'env', key: variableName } as const)
          : ({ surface: 'config', key: `${key}.${variableName}` } as const);
      yield { ...place, prefix, text, kind: 'variables' };
    }
    return;
  }
  if (name === 'Labels' && typeof item === 'object' && item !== null && !Array.isArray(item)) {
    for (const [label_, text] of Object.entries(item)) {
      if (typeof text === 'string') yield label(label_, text);
    }
    return;
  }
  // The paths and ports are keys of these objects.
  if ((name === 'Volumes' || name === 'ExposedPorts') && typeof item === 'object' && item !== null) {
    for (const text of Object.keys(item)) {
      yield { surface: 'config', key, prefix: '', text, kind: 'commands' };
    }
  }
  yield* valueTexts(item, key, false, depth);
}

/**
 * Scans each argument together with the option before it, since `--password` and its value are separate
 * arguments.
 */
function* listTexts(list: readonly unknown[], key: string, depth: number): Generator<SurfaceText, void> {
  for (const [index, item] of list.entries()) {
    if (typeof item !== 'string') {
      yield* valueTexts(item, `${key}[${index}]`, false, depth + 1);
      continue;
    }
    const option = list[index - 1];
    const prefix = typeof option === 'string' && option.startsWith('-') ? `${option} ` : '';
    yield { surface: 'config', key: `${key}[${index}]`, prefix, text: item, kind: 'commands' };
  }
}

function label(key: string, text: string, path?: string): SurfaceText {
  return {
    surface: 'label',
    key,
    prefix: `${key}=`,
    text,
    kind: 'variables',
    ...(path === undefined ? {} : { path }),
  };
}
