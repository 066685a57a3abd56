import type { Origin } from '../history/origin.ts';

/**
 * What to do about a path whose bytes are in several layers and in no container.
 * @param layers those that touch the path, from the bottom up
 * @param instruction what made a layer, as it may be quoted
 */
export function wasteAdvice(
  layers: readonly number[],
  origins: readonly Origin[],
  instruction: (layer: number) => string,
): string {
  const base = layers.filter((layer) => origins[layer] === 'base');
  // What the base has cannot be taken out of it from above.
  if (base.length === layers.length) return `the base's own (layers ${layers.join(', ')}): another base`;
  if (base.length > 0)
    return `layer ${base[0]} is the base's and stays: another base, or leave the file as it is`;
  const bringing = /^(COPY|ADD)\b/.exec(instruction(layers[0]!))?.[1];
  const list = layers.join(', ');
  return bringing === undefined
    ? `layers ${list}: one RUN for them keeps only what is left`
    : `layers ${list}: leave it out of the ${bringing} (.dockerignore), a RUN cannot take it out again`;
}
