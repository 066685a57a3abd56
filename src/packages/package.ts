/** The ecosystem of a package, named as the type of its package URL (purl-spec, PURL-TYPES). */
export type Ecosystem = 'deb' | 'apk' | 'npm' | 'pypi' | 'gem' | 'golang' | 'rpm';

/** A package as recorded in a database or a metadata file. */
export interface Package {
  readonly ecosystem: Ecosystem;
  /** In the form of the ecosystem: `@scope/name`, `example.com/module`. */
  readonly name: string;
  readonly version: string;
  /** Null if the ecosystem has no architectures. */
  readonly architecture: string | null;
  /** The source package that it was built from; null if it has the same name. */
  readonly source: string | null;
}

/** Identifies a package within an image. All versions of a package usually share one key. */
export type PackageKey = string;
