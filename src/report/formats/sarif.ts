import type { Invocation, Log, Location, ReportingDescriptor, Result, Run } from 'sarif';
import type { Finding, Occurrence, Severity } from '../../finding/finding.ts';
import type { FindingState } from '../../finding/state.ts';
import type { Where } from '../../finding/where.ts';
import { escapeText } from '../../text/escape.ts';
import { type Completeness, type Shortfall, shortfalls } from '../completeness.ts';
import { whereText } from '../finding-lines.ts';
import type { ImageFacts, LayerFacts } from '../image-facts.ts';

/** How a finding stands to an earlier report (SARIF 2.1.0 §3.27.24). */
export type BaselineState = 'new' | 'unchanged' | 'updated' | 'absent';

export interface SarifSources {
  readonly version: string;
  readonly image: ImageFacts;
  readonly layers: readonly LayerFacts[];
  readonly findings: readonly Finding[];
  readonly completeness: Completeness;
  /** By finding id, in a retest. */
  readonly baseline?: ReadonlyMap<string, BaselineState>;
  /** In a retest: what the earlier report had and the image has no more. */
  readonly absent?: readonly AbsentFinding[];
}

/** What is still known of a finding that is gone. */
export interface AbsentFinding extends Pick<
  Finding,
  'id' | 'kind' | 'rule' | 'severity' | 'state' | 'title' | 'where'
> {
  /** False where it was not found, which does not show that it is gone. */
  readonly checked: boolean;
}

/** What a rule is described by. */
type RuleSource = Pick<Finding, 'kind' | 'rule' | 'severity' | 'title'> &
  Partial<Pick<Finding, 'references'>>;
/** Index of a file's artifact, by {@link fileKey}. */
type FileIndex = ReadonlyMap<string, number>;

/** GitHub's code scanning sorts by this number, from 0 to 10. */
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
/** More locations of one result than this are no help to anyone who reads it. */
const MOST_LOCATIONS = 100;
const SEEN: Readonly<Record<FindingState, string>> = {
  live: 'in the container',
  shadowed: 'shadowed, recoverable from the image',
  deleted: 'deleted, recoverable from the image',
  metadata: "in the image's metadata, not visible in the container",
};

/**
 * Findings as SARIF 2.1.0. No snippet, no value: a location, a fingerprint and what to do. Demoted ones
 * are there as suppressed.
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

/** Whether everything was read (§3.20.14), and what was not (§3.20.21). */
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

/** A file of a layer in which something was found. */
interface FileArtifact {
  readonly layer: number;
  readonly path: string;
  readonly index: number;
}

function fileKey(layer: number, path: string): string {
  return `${layer}\0${path}`;
}

/** Every file that a location names, numbered behind the image and its layers. */
function filesOf(findings: readonly Finding[], layers: readonly LayerFacts[]): Map<string, FileArtifact> {
  const files = new Map<string, FileArtifact>();
  for (const { occurrences } of findings) {
    for (const { where } of occurrences.slice(0, MOST_LOCATIONS)) {
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

/** The image, its layers within it, and within them the files in which something was found (§3.24.5, parentIndex). */
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
  const { demoted, fingerprint, id, introducedBy, occurrences, origin, reason, rule, severity, state } =
    finding;
  const since = introducedBy === null ? '' : `, since ${escapeText(introducedBy)}`;
  const why = reason === null ? '' : ` (${escapeText(reason)})`;
  const baselineState = baseline?.get(id);
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex((each) => each.rule === rule),
    level: LEVEL[severity],
    message: message(`${finding.title}${why}: ${SEEN[state]}${since}`),
    locations: occurrences.slice(0, MOST_LOCATIONS).map((occurrence) => locationOf(occurrence, image, files)),
    partialFingerprints: {
      'exhumeFinding/v1': id,
      ...(fingerprint === null ? {} : { 'exhumeValue/v1': fingerprint }),
    },
    properties: { origin, state, severity, confidence: finding.confidence },
    ...(demoted === null
      ? {}
      : { suppressions: [{ kind: 'external' as const, justification: escapeText(demoted) }] }),
    ...(baselineState === undefined ? {} : { baselineState }),
  };
}

/** A result for what is gone (§3.27.24, absent): where it stood, so that a viewer can close it. */
function absentResult(
  { checked, id, rule, severity, state, title, where }: AbsentFinding,
  image: string,
  rules: readonly RuleSource[],
): Result {
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex((each) => each.rule === rule),
    // A result that is open has no level (§3.27.10).
    ...(checked ? { level: LEVEL[severity] } : { kind: 'open' as const, level: 'none' as const }),
    message: message(`${title}: ${checked ? 'no longer in the image' : 'not known to be gone'}`),
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
 * A message for people, in which no text of the image is a link (§3.11.6, embedded links).
 * @param text escaped
 */
function message(text: string): { text: string } {
  return { text: text.replaceAll('](', String.raw`\](`) };
}

/** What is no file stands where the config or the history would. */
function pseudoPath({ historyIndex, key, surface }: Where): string {
  return surface === 'history' ? `history/${historyIndex}` : `config/${surface}/${key ?? ''}`;
}

/** A relative reference (RFC 3986): every byte that may mean something else is percent-encoded. */
function uri(text: string): string {
  return text
    .split('/')
    .map((segment) => encodeURIComponent(segment.toWellFormed?.() ?? segment))
    .join('/');
}
