import { type Digest, parseDigest } from '../bytes/digest.ts';
import {
  field,
  isObject,
  type JsonObject,
  numberField,
  objectField,
  objectsField,
  stringField,
  stringMapField,
  stringsField,
} from './json-fields.ts';
import type { Platform } from './platform.ts';

/** A history entry of the config (image-spec, config.md, "history"). */
export interface HistoryRecord {
  readonly created: string | null;
  readonly createdBy: string | null;
  readonly comment: string | null;
  readonly author: string | null;
  readonly emptyLayer: boolean;
}

/** `Healthcheck` of the Docker config; intervals are nanoseconds. */
export interface Healthcheck {
  readonly test: readonly string[];
  readonly interval: number | null;
  readonly timeout: number | null;
  readonly startPeriod: number | null;
  readonly retries: number | null;
}

/** The default settings of a container started from the image. */
export interface RuntimeConfig {
  readonly user: string | null;
  readonly env: readonly string[];
  readonly entrypoint: readonly string[] | null;
  readonly cmd: readonly string[] | null;
  readonly workingDir: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly stopSignal: string | null;
  readonly shell: readonly string[] | null;
  readonly healthcheck: Healthcheck | null;
  readonly onBuild: readonly string[];
}

/** The fields of the image's config that exhume reads; `raw` has all of them. */
export interface ImageConfig {
  readonly created: string | null;
  readonly author: string | null;
  readonly platform: Platform;
  readonly runtime: RuntimeConfig;
  readonly diffIds: readonly (Digest | null)[];
  readonly history: readonly HistoryRecord[];
  readonly raw: JsonObject;
}

/** Reads a config. A field that is missing or has the wrong type is absent, never an error. */
export function parseConfig(raw: JsonObject): ImageConfig {
  const rootfs = objectField(raw, 'rootfs') ?? {};
  const variant = stringField(raw, 'variant');
  return {
    created: timeField(raw),
    author: stringField(raw, 'author'),
    platform: {
      os: stringField(raw, 'os') ?? 'unknown',
      architecture: stringField(raw, 'architecture') ?? 'unknown',
      ...(variant === null || variant === '' ? {} : { variant }),
    },
    runtime: parseRuntime(objectField(raw, 'config') ?? {}),
    diffIds: (stringsField(rootfs, 'diff_ids') ?? []).map(parseDigest),
    history: (objectsField(raw, 'history') ?? []).map(parseHistory),
    raw,
  };
}

function parseHistory(entry: JsonObject): HistoryRecord {
  return {
    created: timeField(entry),
    createdBy: stringField(entry, 'created_by'),
    comment: stringField(entry, 'comment'),
    author: stringField(entry, 'author'),
    emptyLayer: field(entry, 'empty_layer') === true,
  };
}

/** Returns the creation time. Go's zero time, which kaniko writes to its history, means unknown. */
function timeField(object: JsonObject): string | null {
  const created = stringField(object, 'created');
  return created?.startsWith('0001-01-01T00:00:00') === true ? null : created;
}

function parseRuntime(config: JsonObject): RuntimeConfig {
  const health = objectField(config, 'Healthcheck');
  return {
    user: stringField(config, 'User'),
    env: stringsField(config, 'Env') ?? [],
    entrypoint: stringsField(config, 'Entrypoint'),
    cmd: stringsField(config, 'Cmd'),
    workingDir: stringField(config, 'WorkingDir'),
    labels: stringMapField(config, 'Labels') ?? {},
    exposedPorts: keysOf(field(config, 'ExposedPorts')),
    volumes: keysOf(field(config, 'Volumes')),
    stopSignal: stringField(config, 'StopSignal'),
    shell: stringsField(config, 'Shell'),
    healthcheck: health === null ? null : parseHealthcheck(health),
    onBuild: stringsField(config, 'OnBuild') ?? [],
  };
}

function parseHealthcheck(health: JsonObject): Healthcheck {
  return {
    test: stringsField(health, 'Test') ?? [],
    interval: numberField(health, 'Interval'),
    timeout: numberField(health, 'Timeout'),
    startPeriod: numberField(health, 'StartPeriod'),
    retries: numberField(health, 'Retries'),
  };
}

/** Returns the names in `ExposedPorts` or `Volumes`: maps to empty objects, or lists from some writers. */
function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  return isObject(value) ? Object.keys(value) : [];
}
