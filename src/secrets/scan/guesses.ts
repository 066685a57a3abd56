import type { Where } from '../../finding/where.ts';
import { RULES } from '../rules/catalogue.ts';

/** Rules that recognize a value by the name before it or by its place in a URL, not by its format. */
const GUESSING: ReadonlySet<string> = new Set([
  ...RULES.filter(({ validator }) => validator === 'assignment').map(({ id }) => id),
  'url-password',
  'basic-auth-header',
]);

/** Directories of tests, documentation and third-party code. */
const DIRECTORIES =
  /(?:^|[/:])(?:tests?|testdata|__tests__|specs?|fixtures?|examples?|samples?|docs?|share\/(?:man|info)|third_party|vendor(?:ed)?|node_modules|site-packages|dist-packages)\//i;
/** Names of test and documentation files: `url_test.go`, `test_utils.py`, `api.spec.ts`, `README.md`. */
const FILES =
  /(?:^|[/:])(?:test_[^/]*|[^/]*[_.-](?:tests?|spec))\.[a-z]{1,4}$|(?:^|\/)(?:readme|pkg-info|metadata|changelog|changes|history)[^/]*$|\.(?:md|rst|adoc)(?:\.gz)?$/i;

/**
 * Returns the reason to suppress a hit of a guessing rule at a place, or null. In tests, documentation and
 * library code, secret-like names usually have sample values. Values with a distinctive format are reported
 * there too.
 */
export function guessReason(rule: string, { inside, path, surface }: Where): string | null {
  if (surface !== 'file' || path === null || !GUESSING.has(rule)) return null;
  const isSample = [path, ...inside].some((name) => DIRECTORIES.test(name) || FILES.test(name));
  return isSample ? 'found only by name, in tests, docs or library code' : null;
}
