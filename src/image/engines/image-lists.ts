import { parseSize } from '../../text/size.ts';
import { isoTime } from '../../text/time.ts';
import { type JsonObject, isObject, numberField, stringField, stringsField } from '../json-fields.ts';
import { type Engine, sourceOf } from './engine.ts';

/** An image in the list of an engine on this machine. */
export interface LocalImage {
  readonly engine: Engine;
  /** The reference that opens it: a transport and a name, or an ID if it has no name. */
  readonly reference: string;
  /** Repository without the tag; empty for an image without a name. */
  readonly name: string;
  readonly tag: string;
  /** As the engine prints it: with or without `sha256:`, full or short. */
  readonly id: string;
  /** Bytes as the engine counts them (unpacked in docker and podman, stored in ctr); null if unknown. */
  readonly size: number | null;
  /** ISO time, or null. */
  readonly created: string | null;
  /** Platforms as in `linux/amd64`, if the engine lists them. */
  readonly platforms: readonly string[];
}

/** The placeholders that engines print for absent values. */
const NOTHING = new Set(['', '<none>', 'N/A', '-', '<unknown>']);

/**
 * Parses a list of images in JSON: one object per line (docker, nerdctl) or one array (podman). Fields that
 * are missing or have another type are ignored, and so are lines that are not JSON.
 */
export function parseJsonImages(engine: Engine, output: string): LocalImage[] {
  const images = recordsOf(output).flatMap((record) => imagesOf(engine, record));
  return mergePlatforms(images);
}

function recordsOf(output: string): JsonObject[] {
  const whole = tryJson(output);
  if (Array.isArray(whole)) return whole.filter(isObject);
  if (isObject(whole)) return [whole];
  return output
    .split('\n')
    .map(tryJson)
    .filter((value) => isObject(value));
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function imagesOf(engine: Engine, record: JsonObject): LocalImage[] {
  const id = word(record, 'ID') ?? '';
  const platform = word(record, 'Platform');
  const facts = {
    engine,
    id,
    size: sizeOf(record),
    created: createdOf(record),
    platforms: platform === null ? [] : [platform],
  };
  const names = namesOf(record);
  if (names.length === 0) {
    if (id === '') return [];
    return [{ ...facts, name: '', tag: '', reference: sourceOf(engine, id) }];
  }
  return names.map((full) => Object.assign(splitName(full), facts, { reference: sourceOf(engine, full) }));
}

/** Returns the names of an image: podman lists `Names`, or `RepoTags` in some versions; docker and nerdctl a repository and a tag. */
function namesOf(record: JsonObject): readonly string[] {
  const names = stringsField(record, 'Names') ?? stringsField(record, 'RepoTags');
  if (names !== null) return names.filter((name) => !NOTHING.has(name) && !name.includes('<none>'));
  const repository = word(record, 'Repository');
  const tag = word(record, 'Tag');
  if (repository === null) return [];
  const digest = word(record, 'Digest');
  if (tag !== null) return [`${repository}:${tag}`];
  return digest === null ? [] : [`${repository}@${digest}`];
}

function word(record: JsonObject, key: string): string | null {
  const value = stringField(record, key);
  return value === null || NOTHING.has(value) ? null : value;
}

/** Returns the size of an image: podman prints bytes; docker 20.10 rounds `Size` and has one more digit in `VirtualSize`. */
function sizeOf(record: JsonObject): number | null {
  const bytes = numberField(record, 'Size');
  if (bytes !== null) return bytes;
  const text = word(record, 'VirtualSize') ?? word(record, 'Size');
  return text === null ? null : parseSize(text);
}

/** Parses `2026-11-22 15:12:34 +0000 UTC` (docker, nerdctl), an ISO time, or Unix seconds (podman). */
function createdOf(record: JsonObject): string | null {
  const text = word(record, 'CreatedAt') ?? word(record, 'Created');
  const match =
    text === null
      ? null
      : /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?\s*(?:Z|([+-]\d\d):?(\d\d))/.exec(text);
  if (match !== null) {
    const [, day, time, hours = '+00', minutes = '00'] = match;
    return isoTime(Date.parse(`${day}T${time}${hours}:${minutes}`) / 1000);
  }
  const seconds = numberField(record, 'Created');
  return seconds === null ? null : isoTime(seconds);
}

/** Splits a name and its tag (after a colon that follows the last slash) or its digest (after an at sign). */
function splitName(full: string): { name: string; tag: string } {
  const at = full.indexOf('@');
  if (at > 0) return { name: full.slice(0, at), tag: full.slice(at + 1) };
  const colon = full.lastIndexOf(':');
  if (colon <= full.lastIndexOf('/')) return { name: full, tag: '' };
  return { name: full.slice(0, colon), tag: full.slice(colon + 1) };
}

/** Merges the lines that nerdctl prints for each platform of an image. */
function mergePlatforms(images: readonly LocalImage[]): LocalImage[] {
  const merged = new Map<string, LocalImage>();
  for (const image of images) {
    const key = `${image.reference} ${image.id}`;
    const known = merged.get(key);
    merged.set(
      key,
      known === undefined
        ? image
        : { ...known, platforms: [...new Set([...known.platforms, ...image.platforms])] },
    );
  }
  return [...merged.values()];
}

/** Columns: REF, TYPE, DIGEST, SIZE (a number and a unit), PLATFORMS, LABELS. */
const CTR_LINE = /^(\S+)\s+\S+\s+(sha256:[0-9a-f]{64})\s+(\S+ [KMGT]?i?B|-|unknown)\s+(\S+)/;

/**
 * Parses the table of `ctr images list`, its only output format. A reference that is only a digest, as
 * Kubernetes adds, is omitted if the same image has a name.
 */
export function parseCtrImages(engine: Engine, output: string): LocalImage[] {
  const images = output.split('\n').flatMap((line): LocalImage[] => {
    const [, reference, digest, size = '', platforms = ''] = CTR_LINE.exec(line) ?? [];
    if (reference === undefined || digest === undefined) return [];
    const named = !reference.startsWith('sha256:');
    return [
      {
        engine,
        reference: sourceOf(engine, reference),
        ...(named ? splitName(reference) : { name: '', tag: '' }),
        id: digest,
        size: parseSize(size),
        created: null,
        platforms: platforms
          .split(',')
          .filter((platform) => /^[a-z0-9]+\//.test(platform) && !platform.startsWith('unknown/')),
      },
    ];
  });
  const tagged = new Set(images.filter(isTagged).map((image) => image.id));
  return images.filter((image) => isTagged(image) || !tagged.has(image.id));
}

function isTagged(image: LocalImage): boolean {
  return image.name !== '' && !image.tag.startsWith('sha256:');
}
