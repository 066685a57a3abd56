import type { Where } from './where.ts';

/**
 * Who can see an occurrence, the most visible state first. `live`: the running container. `shadowed` and
 * `deleted`: anyone who unpacks the layer that still has the file. `metadata`: anyone who reads the image
 * outside its files: history, labels, annotations, attestations, config texts that the container does not
 * get, and blobs of the archive that belong to no file.
 */
export const FINDING_STATES = ['live', 'shadowed', 'deleted', 'metadata'] as const;
export type FindingState = (typeof FINDING_STATES)[number];

/** Config fields that reach the process in the container, or commands that the engine runs in it. */
const CONTAINER_FIELDS: ReadonlySet<string> = new Set([
  'Cmd',
  'Entrypoint',
  'Env',
  'ExposedPorts',
  'Healthcheck',
  'Shell',
  'StopSignal',
  'User',
  'Volumes',
  'WorkingDir',
]);

/**
 * Returns the state of an occurrence.
 * @param file state of the file's generation in the ledger; only used on the surface `file`
 */
export function stateOf(
  { key, surface }: Pick<Where, 'key' | 'surface'>,
  file: Exclude<FindingState, 'metadata'> = 'live',
): FindingState {
  switch (surface) {
    case 'file':
      return file;
    case 'env':
      return 'live';
    case 'config':
      return key !== null && CONTAINER_FIELDS.has(key.split(/[.[]/)[0]!) ? 'live' : 'metadata';
    case 'label':
    case 'history':
    case 'attestation':
    case 'archive':
      return 'metadata';
  }
}

/** Orders states, the most visible first. */
export function compareStates(a: FindingState, b: FindingState): number {
  return FINDING_STATES.indexOf(a) - FINDING_STATES.indexOf(b);
}

/**
 * Returns the most visible of several occurrences; of equally visible ones, the first.
 * @param occurrences at least one
 */
export function mostVisible<T extends { readonly state: FindingState }>(occurrences: readonly T[]): T {
  return occurrences.reduce((best, next) => (compareStates(next.state, best.state) < 0 ? next : best));
}
