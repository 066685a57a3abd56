/** Which part of an image a layer, a config value or a finding belongs to. */
export type Origin = 'base' | 'application' | 'unknown';
