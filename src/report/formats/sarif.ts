import type { Log, Location, ReportingDescriptor, Result, Run } from 'sarif';
import type { Finding, Occurrence, Severity, Where } from '../../finding/finding.ts';
import { escapeText, unescapeText } from '../../text/escape.ts';
import { whereText } from '../finding-lines.ts';
import type { ImageFacts, LayerFacts } from '../image-facts.ts';

/** How a finding stands to an earlier report (SARIF 2.1.0 §3.27.24). */
export type BaselineState = 'new' | 'unchanged' | 'updated' | 'absent';

export interface SarifSources {
  readonly version: string;
  readonly image: ImageFacts;
  readonly layers: readonly LayerFacts[];
  readonly findings: readonly Finding[];
  /** By finding id, in a retest. */
  readonly baseline?: ReadonlyMap<string, BaselineState>;
}

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

/**
 * Findings as SARIF 2.1.0. No snippet, no value: a location, a fingerprint and what to do. Demoted ones
 * are there as suppressed.
 */
export function sarifLog(sources: SarifSources): Log {
  const { findings, image, layers, version } = sources;
  const name = image.names[0] ?? image.source;
  const rules = [...new Map(findings.map((finding) => [finding.rule, finding])).values()];
  const run: Run = {
    tool: {
      driver: {
        name: 'exhume',
        semanticVersion: version,
        rules: rules.map(ruleOf),
      },
    },
    automationDetails: { id: `exhume/${image.id}/` },
    artifacts: artifactsOf(name, image, layers),
    results: findings.map((finding) => resultOf(finding, name, rules, sources.baseline)),
    columnKind: 'unicodeCodePoints',
  };
  return { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
}

function ruleOf({ kind, references, rule, severity, title }: Finding): ReportingDescriptor {
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

/** The image, and its layers within it (§3.24.5, parentIndex). */
function artifactsOf(name: string, image: ImageFacts, layers: readonly LayerFacts[]): Run['artifacts'] {
  return [
    { location: { uri: uri(name) }, description: { text: `image ${image.id}` }, hashes: sha256(image.id) },
    ...layers.map(({ digest, diffId, index, instruction }) => ({
      location: { uri: uri(`${name}/layer-${index}`) },
      parentIndex: 0,
      description: { text: escapeText(instruction === '' ? `layer ${index}` : instruction) },
      hashes: sha256(digest ?? diffId),
    })),
  ];
}

function sha256(digest: string | null): Record<string, string> {
  return digest?.startsWith('sha256:') === true ? { 'sha-256': digest.slice('sha256:'.length) } : {};
}

function resultOf(
  finding: Finding,
  image: string,
  rules: readonly Finding[],
  baseline: ReadonlyMap<string, BaselineState> | undefined,
): Result {
  const { demoted, fingerprint, id, introducedBy, occurrences, origin, reason, rule, severity, state } =
    finding;
  const since = introducedBy === null ? '' : `, since ${escapeText(introducedBy)}`;
  const why = reason === null ? '' : ` (${escapeText(reason)})`;
  const seen = state === 'live' ? 'in the container' : `${state}, recoverable from the image`;
  const baselineState = baseline?.get(id);
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex((each) => each.rule === rule),
    level: LEVEL[severity],
    message: { text: `${finding.title}${why}: ${seen}${since}` },
    locations: occurrences.slice(0, MOST_LOCATIONS).map((occurrence) => locationOf(occurrence, image)),
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

function locationOf({ state, where }: Occurrence, image: string): Location {
  const { layer, line } = where;
  const path = where.path ?? pseudoPath(where);
  const inside = where.inside.length === 0 ? '' : ` in ${where.inside.join(' > ')}`;
  return {
    physicalLocation: {
      artifactLocation: { uri: uri(`${image}/${path.replace(/^\/+/, '')}`) },
      region: { startLine: line ?? 1, ...(line === null ? { startColumn: 1 } : {}) },
    },
    logicalLocations: [
      {
        fullyQualifiedName: escapeText(`${image}@${layer ?? where.surface}:${path}${inside}`),
        kind: where.surface === 'file' ? 'resource' : 'member',
      },
    ],
    message: { text: `${state}: ${unescapeText(whereText(where))}` },
  };
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
