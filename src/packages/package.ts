/** Whose packages: the types of package URLs (purl-spec, PURL-TYPES). */
export type Ecosystem = 'deb' | 'apk' | 'npm' | 'pypi' | 'gem' | 'golang' | 'rpm';

/** One package as a database or a file of its own records it. */
export interface Package {
  readonly ecosystem: Ecosystem;
  /** As the ecosystem writes it: `@scope/name`, `example.com/module`. */
  readonly name: string;
  readonly version: string;
  /** Null where packages of the ecosystem have none. */
  readonly architecture: string | null;
  /** The source package that it was built from, where it has another name; null else. */
  readonly source: string | null;
}

/** Tells packages apart that may lie in one image side by side; versions of one share it. */
export type PackageKey = string;
