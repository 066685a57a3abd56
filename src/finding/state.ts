import type { Where } from './where.ts';

/**
 * Who can still see an occurrence, from the most visible down. `live`: the running container. `shadowed`
 * and `deleted`: whoever unpacks the layer in which the file still is. `metadata`: whoever reads what the
 * image says beside its files: history, labels, annotations, attestations, config texts that the container
 * does not get, and blobs of the archive that belong to no file.
 */
export const FINDING_STATES = ['live', 'shadowed', 'deleted', 'metadata'] as const;
export type FindingState = (typeof FINDING_STATES)[number];

/** Config fields that reach the container's process, or the engine's commands in the container. */
const GIVEN_TO_CONTAINER: ReadonlySet<string> = new Set([
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
 * @param file what the ledger says of the generation of the file; it only counts on the surface `file`
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
      return key !== null && GIVEN_TO_CONTAINER.has(key.split(/[.[]/)[0]!) ? 'live' : 'metadata';
    case 'label':
    case 'history':
    case 'attestation':
    case 'archive':
      return 'metadata';
  }
}

/** Orders states from the most visible down. */
export function compareStates(a: FindingState, b: FindingState): number {
  return FINDING_STATES.indexOf(a) - FINDING_STATES.indexOf(b);
}

/**
 * Returns the most visible of several occurrences: of equals, the first.
 * @param occurrences at least one
 */
export function mostVisible<T extends { readonly state: FindingState }>(occurrences: readonly T[]): T {
  return occurrences.reduce((best, next) => (compareStates(next.state, best.state) < 0 ? next : best));
}
