import type { Where } from '../../finding/where.ts';
import { RULES } from '../rules/catalogue.ts';

/** Rules that know a value by the name before it, or by where it stands in an address, and not by itself. */
const GUESSING: ReadonlySet<string> = new Set([
  ...RULES.filter(({ validator }) => validator === 'assignment').map(({ id }) => id),
  'url-password',
  'basic-auth-header',
]);

/** Folders of tests, documentation and the code of others. */
const FOLDERS =
  /(?:^|[/:])(?:tests?|testdata|__tests__|specs?|fixtures?|examples?|samples?|docs?|share\/(?:man|info)|third_party|vendor(?:ed)?|node_modules|site-packages|dist-packages)\//i;
/** Files of tests and documentation by their names: `url_test.go`, `test_utils.py`, `api.spec.ts`, `README.md`. */
const FILES =
  /(?:^|[/:])(?:test_[^/]*|[^/]*[_.-](?:tests?|spec))\.[a-z]{1,4}$|(?:^|\/)(?:readme|pkg-info|metadata|changelog|changes|history)[^/]*$|\.(?:md|rst|adoc)(?:\.gz)?$/i;

/**
 * Why a hit of a rule that guesses is not loud at a place: in tests, documentation and library code names
 * that sound like a secret stand before samples. What is known by its own form stays loud there too.
 */
export function guessReason(rule: string, { inside, path, surface }: Where): string | null {
  if (surface !== 'file' || path === null || !GUESSING.has(rule)) return null;
  const isOthers = [path, ...inside].some((name) => FOLDERS.test(name) || FILES.test(name));
  return isOthers ? 'known by its name alone, in tests, documentation or code of a library' : null;
}
