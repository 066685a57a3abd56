import type { ImageConfig } from '../image/config.ts';
import type { HistoryAlignment, HistoryEntry } from './align.ts';
import type { Instruction } from './instruction.ts';
import type { Origin } from './origin.ts';
import type { Provenance } from './provenance.ts';

/** Ways to detect the base image, the most reliable first. */
const BASE_METHODS = [
  'given',
  'provenance',
  'buildah-from',
  'annotation',
  'label',
  'producer-change',
  'last-cmd',
  'created-gap',
] as const;
type BaseMethod = (typeof BASE_METHODS)[number];

/** A piece of evidence for the base image. */
export interface BaseEvidence {
  readonly method: BaseMethod;
  readonly confidence: 'proof' | 'high' | 'medium' | 'low';
  readonly name: string | null;
  readonly digest: string | null;
  /** Number of layers of the base image, from the bottom; null if this evidence does not say. */
  readonly layers: number | null;
  /** What was observed, for display. */
  readonly reason: string;
}

/** The parts of an image that are searched for evidence of its base. */
export interface BaseSources {
  readonly config: ImageConfig;
  readonly annotations: Readonly<Record<string, string>>;
  readonly history: HistoryAlignment;
  readonly provenance: Provenance | null;
}

const NAME = 'org.opencontainers.image.base.name';
const DIGEST = 'org.opencontainers.image.base.digest';
/** Minimum age difference, in milliseconds, between a pulled base image and what was built on it: longer than any build. */
const GAP = 24 * 3600 * 1000;

/** Returns all evidence of a base image, the most reliable first. Name and layer count may come from different pieces. */
export function findBase(sources: BaseSources): BaseEvidence[] {
  const { annotations, config, history, provenance } = sources;
  const found: BaseEvidence[] = (provenance?.images ?? []).map(({ name, digest }) => ({
    method: 'provenance',
    confidence: 'high',
    name,
    digest,
    layers: null,
    reason: 'the build read this image; the list includes images of other stages',
  }));
  found.push(...declared(annotations, 'annotation'), ...declared(config.runtime.labels, 'label'));
  // The entries give a layer count only if they are aligned with the layers.
  if (history.aligned) found.push(...fromBuildah(history), ...fromProducers(history));
  if (history.aligned) found.push(...fromLastCmd(history), ...fromGap(history));
  const rank = (evidence: BaseEvidence): number => BASE_METHODS.indexOf(evidence.method);
  return found.toSorted((a, b) => rank(a) - rank(b));
}

/** Reports whether an image was built on another: its diffIDs begin with those of the other image. */
export function isBase(diffIds: readonly (string | null)[], base: readonly (string | null)[]): boolean {
  const fits = base.length > 0 && base.length <= diffIds.length;
  return fits && base.every((id, i) => id !== null && id === diffIds[i]);
}

/** Returns the number of base layers by the most reliable evidence that gives one; null if none does. */
export function baseLayerCount(evidence: readonly BaseEvidence[]): number | null {
  return evidence.find(({ layers, method }) => layers !== null && method !== 'created-gap')?.layers ?? null;
}

/** The name of the base image, with the alternatives. */
export interface NamedBase {
  readonly sign: BaseEvidence;
  /** Names of other images that the build read. Each belongs to another stage, or is the real base. */
  readonly others: readonly string[];
}

/**
 * Returns the evidence with the name of the base image; null if no evidence has a name. If the
 * provenance lists several images, a label or an annotation decides which of them is the base. Without
 * one, the first is returned and the others are the alternatives.
 */
export function namedBase(evidence: readonly BaseEvidence[]): NamedBase | null {
  const named = evidence.filter(({ name }) => name !== null);
  const [first] = named;
  if (first === undefined) return null;
  const stages = named.filter(({ method }) => method === 'provenance');
  if (first.method !== 'provenance' || stages.length === 1) return { sign: first, others: [] };
  const declaredName = named.find(({ method }) => method !== 'provenance');
  if (declaredName !== undefined) return { sign: declaredName, others: [] };
  return { sign: first, others: stages.slice(1).map(({ name }) => name!) };
}

/** Returns the origin of each layer: base, application, or unknown if no evidence gives a layer count. */
export function originsOf(evidence: readonly BaseEvidence[], layers: number): Origin[] {
  const count = baseLayerCount(evidence);
  return Array.from({ length: layers }, (_, index) => {
    if (count === null) return 'unknown';
    return index < count ? 'base' : 'application';
  });
}

function declared(values: Readonly<Record<string, string>>, method: 'annotation' | 'label'): BaseEvidence[] {
  const name = values[NAME] ?? null;
  const digest = values[DIGEST] ?? null;
  // buildah writes an empty name for an image from scratch, with a digest that names no image.
  if (name === '' || (name === null && digest === null)) return [];
  const reason = `declared by ${method}s of the image, which may be inherited from the base`;
  return [{ method, confidence: 'medium', name, digest, layers: null, reason }];
}

/** buildah writes `FROM name` as the comment of its first entry; later entries name the previous step by its id. */
function fromBuildah(history: HistoryAlignment): BaseEvidence[] {
  const { entries } = history;
  const at = namedFrom(history);
  if (at < 0) return [];
  const name = entries[at]!.comment!.slice('FROM '.length).trim();
  return [
    {
      method: 'buildah-from',
      confidence: 'high',
      name: name === 'scratch' ? null : name,
      digest: null,
      layers: layersBefore(entries, at),
      reason: `the comment of history entry ${at} is "FROM ${name}"`,
    },
  ];
}

/**
 * Returns the index of the first history entry of the last build by buildah; null if buildah wrote none.
 * Without `--layers`, buildah creates one layer and comments only on the last entry: the entries before
 * it that have no layer and no comment are part of the same build.
 */
export function buildahStart(history: HistoryAlignment): number | null {
  const { entries, instructions } = history;
  let at = namedFrom(history);
  if (at < 0) return null;
  const inSameBuild = (index: number): boolean => {
    const { comment, emptyLayer } = entries[index]!;
    // The classic builder puts two spaces in front of metadata instructions, and its RUN has a layer.
    return emptyLayer && (comment ?? '') === '' && !/#\(nop\) {2}/.test(instructions[index]!.raw);
  };
  if (!entries[at]!.emptyLayer) while (at > 0 && inSameBuild(at - 1)) at--;
  return at;
}

/** Returns the index of the last entry with a comment `FROM name`, or -1. Later steps have an image id there. */
function namedFrom({ entries }: HistoryAlignment): number {
  return entries.findLastIndex(({ comment }) => {
    const name = /^FROM (\S+)/.exec(comment ?? '')?.[1];
    return name !== undefined && !/^[0-9a-f]{12,64}$/.test(name);
  });
}

type Producer = 'buildkit' | 'kaniko' | 'jib' | 'ko' | 'classic' | 'other';

const PRODUCER_NAMES: Readonly<Record<Producer, string>> = {
  buildkit: 'BuildKit',
  kaniko: 'kaniko',
  jib: 'jib',
  ko: 'ko',
  classic: 'the classic builder',
  other: 'another tool',
};

/** A base image is usually built by someone else, often with another tool. */
function fromProducers({ entries, instructions }: HistoryAlignment): BaseEvidence[] {
  const producers = entries.map((entry, index) => producerOf(entry, instructions[index]!));
  const last = producers.at(-1) ?? 'other';
  const at = producers.findLastIndex((producer) => producer !== last) + 1;
  if (last === 'classic' || last === 'other' || at === 0 || producers.slice(0, at).includes(last)) return [];
  const before = PRODUCER_NAMES[producers[at - 1]!];
  return [
    {
      method: 'producer-change',
      confidence: 'medium',
      name: null,
      digest: null,
      layers: layersBefore(entries, at),
      reason: `${before} wrote the history entries up to ${at - 1}, ${PRODUCER_NAMES[last]} those from ${at}`,
    },
  ];
}

function producerOf({ author, comment }: HistoryEntry, { raw, shell }: Instruction): Producer {
  if (author === 'kaniko') return 'kaniko';
  if (author === 'Jib') return 'jib';
  if (author === 'ko') return 'ko';
  if (comment?.startsWith('buildkit.') === true || raw.endsWith('# buildkit')) return 'buildkit';
  return raw.includes('#(nop)') || shell !== null ? 'classic' : 'other';
}

/**
 * A base image usually ends with a CMD. Going back from the newest entry and skipping the trailing
 * metadata, the first CMD is the end of the base.
 */
function fromLastCmd({ entries, instructions }: HistoryAlignment): BaseEvidence[] {
  let at = entries.length - 1;
  while (at >= 0 && entries[at]!.emptyLayer) at--;
  while (at >= 0 && !(entries[at]!.emptyLayer && instructions[at]!.keyword === 'CMD')) at--;
  if (at < 0) return [];
  return [
    {
      method: 'last-cmd',
      confidence: 'low',
      name: null,
      digest: null,
      layers: layersBefore(entries, at),
      reason: `history entry ${at} is a CMD followed by more layers: most base images end with one, and so do some stages`,
    },
  ];
}

function fromGap({ entries }: HistoryAlignment): BaseEvidence[] {
  const times = entries.map(({ created }) => Date.parse(created ?? ''));
  for (let at = entries.length - 1; at > 0; at--) {
    const gap = times[at]! - times[at - 1]!;
    const layers = layersBefore(entries, at);
    if (!(gap > GAP) || layers === 0) continue;
    const days = Math.floor(gap / GAP);
    const reason = `history entry ${at} is ${days === 1 ? '1 day' : `${days} days`} newer than the previous entry`;
    return [{ method: 'created-gap', confidence: 'low', name: null, digest: null, layers, reason }];
  }
  return [];
}

function layersBefore(entries: HistoryAlignment['entries'], at: number): number {
  return entries.slice(0, at).filter(({ emptyLayer }) => !emptyLayer).length;
}
