import { isObject, type JsonObject, objectField, objectsField, stringField } from '../image/json-fields.ts';

/** An image that the build read, as listed in the provenance. */
interface BuildMaterial {
  /** Name and tag from the package URL, such as `debian:12`. */
  readonly name: string;
  readonly digest: string | null;
}

/** What a builder recorded about a build (SLSA provenance v0.2 and v1). */
export interface Provenance {
  readonly images: readonly BuildMaterial[];
  /** The text of the Dockerfile, recorded with `mode=max`; null if not recorded. */
  readonly dockerfile: string | null;
}

/** Images that BuildKit lists as materials although no stage is built from them. */
const BUILDER_IMAGES =
  /^docker\/(?:dockerfile|dockerfile-upstream|buildkit-syft-scanner|scout-sbom-indexer)(?=[:@]|$)/;

/** Parses provenance from in-toto statements; null if none of them is a provenance statement. */
export function parseProvenance(statements: readonly JsonObject[]): Provenance | null {
  const predicates = statements
    .filter((statement) =>
      stringField(statement, 'predicateType')?.startsWith('https://slsa.dev/provenance/'),
    )
    .map((statement) => objectField(statement, 'predicate'))
    .filter((predicate) => predicate !== null);
  if (predicates.length === 0) return null;
  return {
    images: predicates.flatMap(materialsOf),
    dockerfile: predicates.map(dockerfileOf).find((source) => source !== null) ?? null,
  };
}

function materialsOf(predicate: JsonObject): BuildMaterial[] {
  const definition = objectField(predicate, 'buildDefinition') ?? {};
  const listed =
    objectsField(predicate, 'materials') ?? objectsField(definition, 'resolvedDependencies') ?? [];
  return listed.flatMap((material) => {
    const name = imageName(stringField(material, 'uri') ?? '');
    if (name === null || BUILDER_IMAGES.test(name)) return [];
    const sha256 = stringField(objectField(material, 'digest') ?? {}, 'sha256');
    return [{ name, digest: sha256 === null ? null : `sha256:${sha256}` }];
  });
}

/** Parses `pkg:docker/library/debian@12?platform=linux%2Famd64` into `library/debian:12` (package-url, type docker). */
function imageName(uri: string): string | null {
  const match = /^pkg:docker\/([^?#]+)/.exec(uri);
  if (match === null) return null;
  const [name = '', version] = match[1]!.split('@', 2);
  try {
    return decodeURIComponent(version === undefined ? name : `${name}:${version}`);
  } catch {
    return name;
  }
}

/** Returns the Dockerfile. BuildKit records the source files of the build steps, the Dockerfile first. */
function dockerfileOf(predicate: JsonObject): string | null {
  const old = objectField(
    objectField(predicate, 'metadata') ?? {},
    'https://mobyproject.org/buildkit@v1#metadata',
  );
  const details = objectField(objectField(predicate, 'runDetails') ?? {}, 'metadata') ?? {};
  const metadata = old ?? objectField(details, 'buildkit_metadata');
  const infos = metadata === null ? null : objectsField(objectField(metadata, 'source') ?? {}, 'infos');
  for (const info of infos ?? []) {
    const data = isObject(info) ? stringField(info, 'data') : null;
    if (data === null || data === '') continue;
    const text = Buffer.from(data, 'base64').toString('utf8');
    if (/^[ \t]*(?:#|FROM\s|ARG\s)/im.test(text)) return text;
  }
  return null;
}
