import fuzzysort from 'fuzzysort';

/** Maximum number of suggestions. */
const MAX_NAMES = 3;
/** Minimum length of a query; shorter ones match too many names. */
const MIN_QUERY = 2;

/**
 * Finds names similar to one that no engine has. fuzzysort matches letters in their order, so a name with
 * an extra letter finds nothing: then the search continues without its tag, registry and last letters.
 * @param wanted as typed
 * @param names of local images
 * @returns at most three of `names`, the most similar first
 */
export function nearNames(wanted: string, names: readonly string[]): readonly string[] {
  const near = new Set<string>();
  for (const query of queries(wanted)) {
    for (const { target } of fuzzysort.go(query, names, { limit: MAX_NAMES })) near.add(target);
    if (near.size >= MAX_NAMES) break;
  }
  return [...near].slice(0, MAX_NAMES);
}

/** Yields queries from the full name to its first letters, the most specific first. */
function* queries(wanted: string): Generator<string> {
  const repository = wanted.replace(/@.*$/, '').replace(/:[^/]*$/, '');
  const last = repository.slice(repository.lastIndexOf('/') + 1);
  yield wanted;
  yield repository;
  for (let length = last.length; length >= MIN_QUERY; length--) yield last.slice(0, length);
}
