import type { HistoryAlignment } from '../history/align.ts';
import { type BaseEvidence, findBase, isBase, originsOf } from '../history/base.ts';
import type { Origin } from '../history/origin.ts';
import { parseProvenance, type Provenance } from '../history/provenance.ts';
import type { Image } from '../image/image.ts';
import { readStatements } from '../image/statements.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import type { SessionListener } from './listener.ts';
import { openOtherImage } from './open-archive.ts';
import type { SessionOptions } from './session-options.ts';

/** What is known of the base of an image, and of its build. */
export interface BaseFacts {
  /** For each layer: base or application. */
  readonly origins: readonly Origin[];
  /** The evidence of the base image, the strongest first. */
  readonly base: readonly BaseEvidence[];
  /** What the builder recorded of the build; null if the image has no such record. */
  readonly provenance: Provenance | null;
}

/** Finds the base of an image: proven by `options.base`, else as far as the image itself shows it. */
export async function readBase(
  image: Image,
  history: HistoryAlignment,
  masker: Masker,
  options: SessionOptions,
  listener: SessionListener,
): Promise<BaseFacts> {
  const provenance = parseProvenance(readStatements(image));
  const { annotations, config } = image;
  const signs = findBase({ annotations, config, history, provenance });
  const given = await givenBase(image, options, listener);
  // A label or a line of the history names the base, and either may hold anything.
  const base = (given === null ? signs : [given, ...signs]).map((sign) => ({
    ...sign,
    name: sign.name === null ? null : masker.mask(sign.name),
    reason: masker.mask(sign.reason),
  }));
  return { base, provenance, origins: originsOf(base, image.layers.length) };
}

async function givenBase(
  image: Image,
  options: SessionOptions,
  listener: SessionListener,
): Promise<BaseEvidence | null> {
  if (options.base === undefined) return null;
  const base = await openOtherImage(options.base, options, listener);
  if (!isBase(image.config.diffIds, base.config.diffIds)) {
    listener.warning?.(`${options.base} is no base of this image: its diffIDs are not the first ones here`);
    return null;
  }
  return {
    method: 'given',
    confidence: 'proof',
    name: base.names[0] ?? null,
    digest: base.manifestDigest,
    layers: base.config.diffIds.length,
    reason: `the diffIDs of ${options.base} are the first ones of this image`,
  };
}
