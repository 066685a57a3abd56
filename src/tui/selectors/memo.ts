/**
 * Caches the last results of a pure function, by the identity of its arguments.
 * @param keep number of results to keep
 * @param same compares two values of an argument; default: identity
 */
export function memoized<A extends readonly unknown[], R>(
  compute: (...args: A) => R,
  keep = 1,
  same: (a: unknown, b: unknown) => boolean = Object.is,
): (...args: A) => R {
  const kept: { readonly args: A; readonly result: R }[] = [];
  return (...args) => {
    const at = kept.findIndex((entry) => entry.args.every((value, i) => same(value, args[i])));
    const entry = at < 0 ? { args, result: compute(...args) } : kept.splice(at, 1)[0]!;
    kept.unshift(entry);
    if (kept.length > keep) kept.pop();
    return entry.result;
  };
}
