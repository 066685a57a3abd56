/*
 * execa 10 requires Node 22, but only because it calls Set.prototype.union while it loads. Import this module
 * before execa: it adds the method on Node 20 and does nothing on later versions.
 */

/** The union of two Sets (ECMA-262 2025, 24.2.4.18). */
function union<T, U>(this: Set<T>, other: ReadonlySet<U>): Set<T | U> {
  const both = new Set<T | U>(this);
  for (const element of other.keys()) both.add(element);
  return both;
}

if (!('union' in Set.prototype)) {
  // oxlint-disable-next-line no-extend-native -- a standard method, for a library that calls it
  Object.defineProperty(Set.prototype, 'union', { value: union, writable: true, configurable: true });
}
