/** The part of an image that a layer, a config value or a finding belongs to. */
export type Origin = 'base' | 'application' | 'unknown';
