import type { Invocation, Log, Location, ReportingDescriptor, Result, Run } from 'sarif';
import type { Finding, Occurrence, Severity } from '../../finding/finding.ts';
import type { FindingState } from '../../finding/state.ts';
import type { Where } from '../../finding/where.ts';
import { escapeText } from '../../text/escape.ts';
import { type Completeness, type Shortfall, shortfalls } from '../completeness.ts';
import { whereText } from '../finding-lines.ts';
import type { ImageFacts, LayerFacts } from '../image-facts.ts';

/** The state of a finding relative to an earlier report (SARIF 2.1.0 §3.27.24). */
export type BaselineState = 'new' | 'unchanged' | 'updated' | 'absent';

export interface SarifSources {
  readonly version: string;
  readonly image: ImageFacts;
  readonly layers: readonly LayerFacts[];
  readonly findings: readonly Finding[];
  readonly completeness: Completeness;
  /** In a retest: the state of each finding, by id. */
  readonly baseline?: ReadonlyMap<string, BaselineState>;
  /** In a retest: findings of the earlier report that were not found again. */
  readonly absent?: readonly AbsentFinding[];
}

/** The known facts about a finding that was not found again. */
export interface AbsentFinding extends Pick<
  Finding,
  'id' | 'kind' | 'rule' | 'severity' | 'state' | 'title' | 'where'
> {
  /** False if the finding may still be in the image. */
  readonly checked: boolean;
}

/** The fields of a finding that describe its rule. */
type RuleSource = Pick<Finding, 'kind' | 'rule' | 'severity' | 'title'> &
  Partial<Pick<Finding, 'references'>>;
/** Indices of file artifacts, by {@link fileKey}. */
type FileIndex = ReadonlyMap<string, number>;

/** The `security-severity` by which GitHub code scanning sorts, from 0 to 10. */
const SCORE: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.5',
  info: '0.5',
};
const LEVEL: Readonly<Record<Severity, Result.level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
/** Maximum number of locations of one result. */
const MAX_LOCATIONS = 100;
const STATE_TEXT: Readonly<Record<FindingState, string>> = {
  live: 'visible in the container',
  shadowed: 'overwritten, recoverable from the image',
  deleted: 'deleted, recoverable from the image',
  metadata: "in the image's metadata, not visible in the container",
};

/**
 * Formats findings as SARIF 2.1.0, with locations and fingerprints but without snippets and values. Suppressed
 * findings have a `suppressions` property.
 */
export function sarifLog(sources: SarifSources): Log {
  const { absent = [], completeness, findings, image, layers, version } = sources;
  const name = image.names[0] ?? image.source;
  const all: readonly RuleSource[] = [...absent, ...findings];
  const rules = [...new Map(all.map((finding) => [finding.rule, finding])).values()];
  const files = filesOf(findings, layers);
  const run: Run = {
    tool: {
      driver: {
        name: 'exhume',
        semanticVersion: version,
        rules: rules.map(ruleOf),
        notifications: [...NOTIFICATIONS],
      },
    },
    invocations: [invocationOf(completeness)],
    automationDetails: { id: `exhume/${image.id}/` },
    artifacts: artifactsOf(name, image, layers, [...files.values()]),
    results: [
      ...findings.map((finding) => resultOf(finding, name, rules, indices(files), sources.baseline)),
      ...absent.map((finding) => absentResult(finding, name, rules)),
    ],
    columnKind: 'unicodeCodePoints',
  };
  return { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
}

const NOTIFICATIONS: readonly (ReportingDescriptor & { readonly id: Shortfall['id'] })[] = [
  { id: 'incomplete', shortDescription: { text: 'Part of the image was not read' } },
  { id: 'digest-mismatch', shortDescription: { text: 'A digest does not match' } },
];

/** Returns the invocation: whether everything was read (§3.20.14), and notifications if not (§3.20.21). */
function invocationOf(completeness: Completeness): Invocation {
  const { isAllowed } = completeness;
  const found = shortfalls(completeness);
  return {
    executionSuccessful: found.length === 0 || isAllowed,
    toolExecutionNotifications: found.map(({ id, text }) => ({
      descriptor: { id, index: NOTIFICATIONS.findIndex((each) => each.id === id) },
      level: isAllowed ? 'warning' : 'error',
      message: { text: escapeText(text) },
    })),
  };
}

function ruleOf({ kind, references = [], rule, severity, title }: RuleSource): ReportingDescriptor {
  const help = references.find((reference) => /^https?:/.test(reference));
  return {
    id: rule,
    shortDescription: { text: title },
    ...(help === undefined ? {} : { helpUri: help }),
    defaultConfiguration: { level: LEVEL[severity] },
    properties: {
      'security-severity': SCORE[severity],
      tags: ['security', kind === 'secret' ? 'credential' : 'container'],
    },
  };
}

/** A file in a layer that has a finding. */
interface FileArtifact {
  readonly layer: number;
  readonly path: string;
  readonly index: number;
}

function fileKey(layer: number, path: string): string {
  return `${layer}\0${path}`;
}

/** Numbers every file that a location names, after the image and its layers. */
function filesOf(findings: readonly Finding[], layers: readonly LayerFacts[]): Map<string, FileArtifact> {
  const files = new Map<string, FileArtifact>();
  for (const { occurrences } of findings) {
    for (const { where } of occurrences.slice(0, MAX_LOCATIONS)) {
      const { layer, path, surface } = where;
      if (surface !== 'file' || layer === null || path === null || layer >= layers.length) continue;
      const key = fileKey(layer, path);
      if (!files.has(key)) files.set(key, { layer, path, index: 1 + layers.length + files.size });
    }
  }
  return files;
}

function indices(files: ReadonlyMap<string, FileArtifact>): FileIndex {
  return new Map(Array.from(files, ([key, { index }]) => [key, index]));
}

/** Returns the artifacts: the image, its layers, and the files with findings, nested by parentIndex (§3.24.5). */
function artifactsOf(
  name: string,
  image: ImageFacts,
  layers: readonly LayerFacts[],
  files: readonly FileArtifact[],
): Run['artifacts'] {
  return [
    { location: { uri: uri(name) }, description: { text: `image ${image.id}` }, hashes: sha256(image.id) },
    ...layers.map(({ digest, diffId, index, instruction }) => ({
      location: { uri: uri(`${name}/layer-${index}`) },
      parentIndex: 0,
      description: message(instruction === '' ? `layer ${index}` : escapeText(instruction)),
      hashes: sha256(digest ?? diffId),
    })),
    ...files.map(({ layer, path }) => ({
      location: { uri: uri(`${name}/${path.replace(/^\/+/, '')}`) },
      parentIndex: 1 + layer,
    })),
  ];
}

function sha256(digest: string | null): Record<string, string> {
  return digest?.startsWith('sha256:') === true ? { 'sha-256': digest.slice('sha256:'.length) } : {};
}

function resultOf(
  finding: Finding,
  image: string,
  rules: readonly RuleSource[],
  files: FileIndex,
  baseline: ReadonlyMap<string, BaselineState> | undefined,
): Result {
  const { suppressed, fingerprint, id, introducedBy, occurrences, origin, reason, rule, severity, state } =
    finding;
  const since = introducedBy === null ? '' : `, introduced by ${escapeText(introducedBy)}`;
  const why = reason === null ? '' : ` (${escapeText(reason)})`;
  const baselineState = baseline?.get(id);
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex((each) => each.rule === rule),
    level: LEVEL[severity],
    message: message(`${finding.title}${why}: ${STATE_TEXT[state]}${since}`),
    locations: occurrences.slice(0, MAX_LOCATIONS).map((occurrence) => locationOf(occurrence, image, files)),
    partialFingerprints: {
      'exhumeFinding/v1': id,
      ...(fingerprint === null ? {} : { 'exhumeValue/v1': fingerprint }),
    },
    properties: { origin, state, severity, confidence: finding.confidence },
    ...(suppressed === null
      ? {}
      : { suppressions: [{ kind: 'external' as const, justification: escapeText(suppressed) }] }),
    ...(baselineState === undefined ? {} : { baselineState }),
  };
}

/** Returns a result for a finding that was not found again (§3.27.24, absent), so that viewers can close it. */
function absentResult(
  { checked, id, rule, severity, state, title, where }: AbsentFinding,
  image: string,
  rules: readonly RuleSource[],
): Result {
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex((each) => each.rule === rule),
    // A result of the kind `open` must have the level `none` (§3.27.10).
    ...(checked ? { level: LEVEL[severity] } : { kind: 'open' as const, level: 'none' as const }),
    message: message(
      `${title}: ${checked ? 'no longer in the image' : 'not found, but may still be in the image'}`,
    ),
    locations: [locationOf({ state, where }, image, new Map())],
    partialFingerprints: { 'exhumeFinding/v1': id },
    baselineState: checked ? 'absent' : 'unchanged',
  };
}

function locationOf(
  { state, where }: Pick<Occurrence, 'state' | 'where'>,
  image: string,
  files: FileIndex,
): Location {
  const { layer, line } = where;
  const index = files.get(fileKey(layer ?? -1, where.path ?? ''));
  const path = where.path ?? pseudoPath(where);
  const inside = where.inside.length === 0 ? '' : ` in ${where.inside.join(' > ')}`;
  return {
    physicalLocation: {
      artifactLocation: {
        uri: uri(`${image}/${path.replace(/^\/+/, '')}`),
        ...(index === undefined ? {} : { index }),
      },
      region: { startLine: line ?? 1, ...(line === null ? { startColumn: 1 } : {}) },
    },
    logicalLocations: [
      {
        fullyQualifiedName: escapeText(`${image}@${layer ?? where.surface}:${path}${inside}`),
        kind: where.surface === 'file' ? 'resource' : 'member',
      },
    ],
    message: message(`${state}: ${whereText(where)}`),
  };
}

/**
 * Returns a message in which text from the image cannot be a link (§3.11.6, embedded links).
 * @param text the text, already escaped
 */
function message(text: string): { text: string } {
  return { text: text.replaceAll('](', String.raw`\](`) };
}

/** Returns a made-up path for a place that is not a file: in `config/` or `history/`. */
function pseudoPath({ historyIndex, key, surface }: Where): string {
  return surface === 'history' ? `history/${historyIndex}` : `config/${surface}/${key ?? ''}`;
}

/** Returns a relative reference (RFC 3986). Percent-encodes every reserved byte. */
function uri(text: string): string {
  return text
    .split('/')
    .map((segment) => encodeURIComponent(segment.toWellFormed?.() ?? segment))
    .join('/');
}
