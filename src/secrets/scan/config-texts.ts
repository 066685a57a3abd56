import type { Image } from '../../image/image.ts';
import type { SurfaceText } from './surface-text.ts';

/** How deep a config is looked into: the deepest that any engine writes is four. */
const DEEPEST = 12;

/** Every text of the config but the history, and the annotations of the manifest and the index. */
export function* configTexts(image: Image): Generator<SurfaceText, void> {
  yield* valueTexts(image.config.raw, '', true, 0);
  for (const [key, text] of Object.entries(image.annotations)) yield label(key, text, 'annotation');
}

function* valueTexts(value: unknown, key: string, top: boolean, depth: number): Generator<SurfaceText, void> {
  if (depth > DEEPEST) return;
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
    // The history is a surface of its own; digests are no text.
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
      // Another environment than that of the config, as in `container_config`, is the build's, not the container's.
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
  // Paths and ports are the names of fields.
  if ((name === 'Volumes' || name === 'ExposedPorts') && typeof item === 'object' && item !== null) {
    for (const text of Object.keys(item)) {
      yield { surface: 'config', key, prefix: '', text, kind: 'commands' };
    }
  }
  yield* valueTexts(item, key, false, depth);
}

/** Arguments of a command are looked at together too: `--password` is one, and its value the next. */
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
