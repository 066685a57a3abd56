import fuzzysort from 'fuzzysort';

/** A list of suggestions longer than this helps nobody. */
const MOST = 3;
/** Shorter beginnings are in too many names. */
const SHORTEST = 2;

/**
 * Names that resemble one that no engine knows. fuzzysort looks for the letters in their order, so a
 * name with a letter too many finds nothing: then its tag, its registry and its end are left out.
 * @param wanted as typed
 * @param names of local images
 * @returns at most three of `names`, the nearest first
 */
export function nearNames(wanted: string, names: readonly string[]): readonly string[] {
  const near = new Set<string>();
  for (const query of queries(wanted)) {
    for (const { target } of fuzzysort.go(query, names, { limit: MOST })) near.add(target);
    if (near.size >= MOST) break;
  }
  return [...near].slice(0, MOST);
}

/** From the whole name to its first letters: the surer a match, the earlier. */
function* queries(wanted: string): Generator<string> {
  const repository = wanted.replace(/@.*$/, '').replace(/:[^/]*$/, '');
  const last = repository.slice(repository.lastIndexOf('/') + 1);
  yield wanted;
  yield repository;
  for (let length = last.length; length >= SHORTEST; length--) yield last.slice(0, length);
}
