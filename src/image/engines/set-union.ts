/*
 * execa 10 asks for Node 22, and all that keeps it from Node 20 is one call of Set.prototype.union
 * while it loads. Imported before execa, this gives Node 20 the method and newer ones nothing.
 */

/** ECMA-262 2025, 24.2.4.18, as far as two Sets need it. */
function union<T, U>(this: Set<T>, other: ReadonlySet<U>): Set<T | U> {
  const both = new Set<T | U>(this);
  for (const element of other.keys()) both.add(element);
  return both;
}

if (!('union' in Set.prototype)) {
  // oxlint-disable-next-line no-extend-native -- a standard method, for a library that calls it
  Object.defineProperty(Set.prototype, 'union', { value: union, writable: true, configurable: true });
}
