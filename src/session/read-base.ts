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

/** The known facts about the base image and the build of an image. */
export interface BaseFacts {
  /** The origin of each layer. */
  readonly origins: readonly Origin[];
  /** The evidence for the base image, strongest first. */
  readonly base: readonly BaseEvidence[];
  /** The builder's record of the build; null if the image has none. */
  readonly provenance: Provenance | null;
}

/** Determines the base of an image from `options.base`, which is proof, and from evidence in the image itself. */
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
  // Names and reasons quote labels and the history, which may hold credentials.
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
    listener.warning?.(
      `${options.base} is not the base of this image: its layers are not the lowest layers of this image`,
    );
    return null;
  }
  return {
    method: 'given',
    confidence: 'proof',
    name: base.names[0] ?? null,
    digest: base.manifestDigest,
    layers: base.config.diffIds.length,
    reason: `the lowest layers of this image are those of ${options.base}`,
  };
}
