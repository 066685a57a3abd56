import type { ImageConfig } from '../image/config.ts';
import type { HistoryAlignment, HistoryEntry } from './align.ts';
import type { Instruction } from './instruction.ts';
import type { Origin } from './origin.ts';
import type { Provenance } from './provenance.ts';

/** What tells where the base image ends, the strongest first. */
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

/** One sign of which image this one was built upon. */
export interface BaseEvidence {
  readonly method: BaseMethod;
  readonly confidence: 'proof' | 'high' | 'medium' | 'low';
  readonly name: string | null;
  readonly digest: string | null;
  /** How many layers at the bottom are the base's, where it tells. */
  readonly layers: number | null;
  /** For people: what was seen. */
  readonly reason: string;
}

/** What the signs are looked for in. */
export interface BaseSources {
  readonly config: ImageConfig;
  readonly annotations: Readonly<Record<string, string>>;
  readonly history: HistoryAlignment;
  readonly provenance: Provenance | null;
}

const NAME = 'org.opencontainers.image.base.name';
const DIGEST = 'org.opencontainers.image.base.digest';
/** A base that was pulled is older than what is built upon it by more than a build takes. */
const GAP = 24 * 3600 * 1000;

/** All signs of a base image, the strongest first. Names and layers may come from different ones. */
export function findBase(sources: BaseSources): BaseEvidence[] {
  const { annotations, config, history, provenance } = sources;
  const found: BaseEvidence[] = (provenance?.images ?? []).map(({ name, digest }) => ({
    method: 'provenance',
    confidence: 'high',
    name,
    digest,
    layers: null,
    reason: 'the build recorded that it read this image; it lists the images of all stages',
  }));
  found.push(...declared(annotations, 'annotation'), ...declared(config.runtime.labels, 'label'));
  // Without an alignment no count of layers can be told from the entries.
  if (history.aligned) found.push(...fromBuildah(history), ...fromProducers(history));
  if (history.aligned) found.push(...fromLastCmd(history), ...fromGap(history));
  const rank = (evidence: BaseEvidence): number => BASE_METHODS.indexOf(evidence.method);
  return found.toSorted((a, b) => rank(a) - rank(b));
}

/** Whether an image was built upon another: the other's diffIDs are its first ones. */
export function isBase(diffIds: readonly (string | null)[], base: readonly (string | null)[]): boolean {
  const fits = base.length > 0 && base.length <= diffIds.length;
  return fits && base.every((id, i) => id !== null && id === diffIds[i]);
}

/** How many layers are the base's by the strongest sign that counts them; null where none does. */
export function baseLayerCount(evidence: readonly BaseEvidence[]): number | null {
  return evidence.find(({ layers, method }) => layers !== null && method !== 'created-gap')?.layers ?? null;
}

/** A name of the base, and what else it may be. */
export interface NamedBase {
  readonly sign: BaseEvidence;
  /** Names of other images that the build read: of other stages, or the base after all. */
  readonly others: readonly string[];
}

/**
 * The sign with the base's name. Of several images that provenance lists, that which a label or an
 * annotation names, too, is the base; without one it stays open which of them.
 */
export function namedBase(evidence: readonly BaseEvidence[]): NamedBase | null {
  const named = evidence.filter(({ name }) => name !== null);
  const [first] = named;
  if (first === undefined) return null;
  const stages = named.filter(({ method }) => method === 'provenance');
  if (first.method !== 'provenance' || stages.length === 1) return { sign: first, others: [] };
  const told = named.find(({ method }) => method !== 'provenance');
  if (told !== undefined) return { sign: told, others: [] };
  return { sign: first, others: stages.slice(1).map(({ name }) => name!) };
}

/** Base or application for each layer, as far as the signs tell. */
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
  const reason = `the image's ${method}s say so themselves; they may be inherited from the base`;
  return [{ method, confidence: 'medium', name, digest, layers: null, reason }];
}

/** buildah notes the base's name with the first entry of its own, and with later ones the step before. */
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
      reason: `history entry ${at} notes "FROM ${name}"`,
    },
  ];
}

/**
 * The first history entry of buildah's last build; null where it wrote none. Without `--layers` it makes
 * one layer, noted with the last entry: what stands before it, without layers and comments, is of the
 * same build.
 */
export function buildahStart(history: HistoryAlignment): number | null {
  const { entries, instructions } = history;
  let at = namedFrom(history);
  if (at < 0) return null;
  const ofTheSame = (index: number): boolean => {
    const { comment, emptyLayer } = entries[index]!;
    // The classic builder writes metadata with two spaces, and RUN with a layer.
    return emptyLayer && (comment ?? '') === '' && !/#\(nop\) {2}/.test(instructions[index]!.raw);
  };
  if (!entries[at]!.emptyLayer) while (at > 0 && ofTheSame(at - 1)) at--;
  return at;
}

/** The last entry with a comment `FROM name`, or -1; that of a later step names an image by its id. */
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

/** Bases are mostly built by others, with other tools. */
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
      reason: `entries up to ${at - 1} are by ${before}, from ${at} on by ${PRODUCER_NAMES[last]}`,
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
 * Images end with what they run; going back from the newest entry, past the metadata at the end, the
 * first CMD that made no layer is the base's.
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
      reason: `entry ${at} is a CMD below later layers: bases end like that, and so do some stages`,
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
    const reason = `entry ${at} was made ${days === 1 ? 'a day' : `${days} days`} after the one before it`;
    return [{ method: 'created-gap', confidence: 'low', name: null, digest: null, layers, reason }];
  }
  return [];
}

function layersBefore(entries: HistoryAlignment['entries'], at: number): number {
  return entries.slice(0, at).filter(({ emptyLayer }) => !emptyLayer).length;
}
