import type { Decision } from '../finding/decision.ts';
import { settles } from '../finding/decision.ts';
import { atLeast, countFindings, type Finding, type FindingCounts } from '../finding/finding.ts';
import { playbookFor } from '../finding/playbooks/catalogue.ts';
import type { Step } from '../finding/playbooks/playbook.ts';
import { mostVisible } from '../finding/state.ts';
import type { BaseEvidence } from '../history/base.ts';
import type { Incomplete } from '../ledger/unread-parts.ts';
import { unescapeText } from '../text/escape.ts';
import { quantity } from '../text/quantity.ts';
import { baseText } from './base-text.ts';
import { type BuildFixes, fixesFor } from './build-fixes.ts';
import type { DockerfileFacts } from './dockerfile-facts.ts';
import { whereText } from './finding-lines.ts';
import type { HistoryFacts, ImageFacts, LayerFacts } from './image-facts.ts';
import { stepsFor } from './steps.ts';

/** Who can see a finding: the running container too, or only those who have the image. */
type Audience = 'container' | 'image';

/** A finding as a report shows it. */
export interface ReportFinding extends Finding {
  readonly audience: Audience;
  readonly decision: Decision | null;
  readonly playbook: string | null;
  readonly steps: readonly Step[];
  readonly cites: readonly string[];
  /** The plain value in a report that reveals values, else null. Bytes that are not UTF-8 become U+FFFD. */
  readonly value: string | null;
}

/** How the image was read, and which digests were checked. */
interface ReadingFacts {
  readonly digests: {
    readonly matching: number;
    readonly checked: number;
    readonly mismatches: readonly string[];
  };
  readonly warnings: readonly string[];
  readonly incomplete: readonly Incomplete[];
  /** SHA-256 of the input file, before and after reading; null if the input is not a single file. */
  readonly inputBefore: string | null;
  readonly inputAfter: string | null;
}

/** Another image that was given with `--also`, and the layers that it shares with this one. */
export interface SharingImage {
  readonly source: string;
  readonly names: readonly string[];
  readonly id: string;
  /** Indices of this image's layers that the other image also has, by diffID. */
  readonly layers: readonly number[];
  /** Ids of the reported findings in the shared layers. */
  readonly findings: readonly string[];
}

/** A log line of a case, as a report shows it. */
export interface LogLine {
  readonly at: string;
  readonly action: string;
  readonly detail: string;
}

/** The inputs of {@link buildReport}. */
export interface ReportSources {
  /** The name with which the image was opened; null if that name cannot open it again. */
  readonly openedAs: string | null;
  readonly image: ImageFacts;
  readonly layers: readonly LayerFacts[];
  readonly history: readonly HistoryFacts[];
  readonly base: readonly BaseEvidence[];
  readonly dockerfile: DockerfileFacts;
  readonly reading: ReadingFacts;
  readonly findings: readonly Finding[];
  /** Values by finding id, for a report that reveals them; else null. */
  readonly values: ReadonlyMap<string, Uint8Array> | null;
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly log: readonly LogLine[];
  /** The goals of the case; empty without a case. */
  readonly goals: readonly string[];
  readonly also: readonly SharingImage[];
  readonly now: Date;
  readonly version: string;
}

/** The canonical report. Every format is derived from it. */
export interface Report {
  readonly schema: 'exhume/report/2';
  readonly tool: string;
  readonly generated: string;
  /** True if the report contains the values of credentials, and is as secret as they are. */
  readonly revealed: boolean;
  readonly verdict: { readonly clean: boolean; readonly lines: readonly string[] };
  readonly image: ImageFacts;
  readonly base: readonly BaseEvidence[];
  readonly reading: Omit<ReadingFacts, 'incomplete'>;
  /** The parts of the image that were not read. */
  readonly incomplete: readonly Incomplete[];
  readonly counts: FindingCounts;
  /** The goals of the case for a retest; empty without a case. */
  readonly goals: readonly string[];
  /** Explains how fingerprints are keyed, for readers who compare two reports. */
  readonly fingerprints: string;
  readonly fixes: BuildFixes;
  readonly baseAdvice: readonly string[];
  readonly also: readonly SharingImage[];
  readonly dockerfile: DockerfileFacts;
  readonly layers: readonly LayerFacts[];
  readonly history: readonly HistoryFacts[];
  readonly log: readonly LogLine[];
  readonly findings: readonly ReportFinding[];
}

const FINGERPRINTS =
  'IDs and fingerprints are HMAC-SHA-256 values under a key that every copy of exhume has, so they can be compared across reports. Only long, random values are fingerprinted; a value that could be guessed is identified by its rule and place instead.';

/** Builds the report. Pure: the current time is part of the sources. */
export function buildReport(sources: ReportSources): Report {
  const { base, dockerfile, history, image, layers, log, also, now, version } = sources;
  const { incomplete, ...reading } = sources.reading;
  const subject = {
    source: sources.openedAs,
    name: image.names[0] ?? image.id,
    diffIds: layers.map(({ diffId }) => diffId),
    also: also.map((other) => ({ name: other.names[0] ?? other.source, layers: other.layers })),
  };
  const findings = sources.findings.map((finding): ReportFinding => {
    const playbook = finding.kind === 'secret' ? playbookFor(finding.rule, finding.where.path) : null;
    return {
      ...finding,
      audience: audienceOf(finding),
      decision: sources.decisions.get(finding.id) ?? null,
      playbook: playbook?.id ?? null,
      steps: finding.suppressed === null ? stepsFor(finding, subject) : [],
      cites: playbook?.cites ?? finding.references,
      value: valueOf(finding, sources.values),
    };
  });
  const open = findings.filter((finding) => isOpen(finding, now));
  return {
    schema: 'exhume/report/2',
    tool: `exhume ${version}`,
    generated: now.toISOString(),
    revealed: sources.values !== null,
    verdict: verdictOf(open, findings, sources.reading),
    image,
    base,
    reading,
    incomplete,
    counts: countFindings(findings),
    goals: sources.goals,
    fingerprints: FINGERPRINTS,
    fixes: fixesFor(open, dockerfile),
    baseAdvice: baseAdvice(open, base, dockerfile),
    also,
    dockerfile,
    layers,
    history,
    log,
    findings,
  };
}

function valueOf({ id }: Finding, values: ReportSources['values']): string | null {
  const value = values?.get(id);
  return value === undefined ? null : Buffer.from(value).toString('utf8');
}

/** Reports whether a finding is open: neither suppressed nor settled by a decision. */
function isOpen(
  { decision, suppressed }: Pick<ReportFinding, 'decision' | 'suppressed'>,
  now: Date,
): boolean {
  return suppressed === null && !settles(decision, now);
}

function audienceOf({ occurrences }: Finding): Audience {
  return mostVisible(occurrences).state === 'live' ? 'container' : 'image';
}

function verdictOf(
  open: readonly ReportFinding[],
  all: readonly ReportFinding[],
  { digests, incomplete }: ReadingFacts,
): Report['verdict'] {
  const secrets = open.filter(({ kind }) => kind === 'secret');
  const urgent = open.filter(({ severity }) => atLeast(severity, 'high'));
  const hidden = secrets.filter(({ audience }) => audience === 'image');
  const rest = all.length - open.length;
  return {
    // Unread parts may contain anything, so an incomplete result is never clean.
    clean: open.length === 0 && incomplete.length === 0 && digests.mismatches.length === 0,
    lines: [
      secretsLine(secrets.length, hidden.length),
      urgent.length === 0
        ? 'No finding is urgent.'
        : `${quantity(urgent.length, 'finding')} of critical or high severity: first revoke the credentials, then rebuild the image, purge the old one, and verify.`,
      `${digestLine(digests)}${rest === 0 ? '' : ` ${quantity(rest, 'more finding')} ${rest === 1 ? 'was' : 'were'} suppressed or settled by a decision; the reasons are given.`}`,
    ],
  };
}

function secretsLine(all: number, hidden: number): string {
  if (all === 0) return 'No open credentials were found.';
  return `Anyone who has this image can extract ${quantity(all, 'credential')} from it. ${visibilityText(all, hidden)}`;
}

function visibilityText(all: number, hidden: number): string {
  const subject = all === 1 ? 'It is' : 'They are';
  if (hidden === 0) return `${subject} also visible in the running container.`;
  if (hidden === all) return `${subject} not visible in the running container, but still in the image.`;
  return `${hidden} of them ${hidden === 1 ? 'is' : 'are'} not visible in the running container, but still in the image.`;
}

function digestLine({ checked, mismatches }: ReadingFacts['digests']): string {
  if (mismatches.length > 0) {
    return `${quantity(mismatches.length, 'digest does', 'digests do')} not match, so the image was damaged or changed: ${mismatches.join(', ')}.`;
  }
  return checked === 0 ? 'No digests were checked.' : `All ${checked} digests that could be checked match.`;
}

/** Lists the first findings by title and place. */
function listed(findings: readonly ReportFinding[]): string {
  const texts = findings
    .slice(0, 8)
    .map(({ title, where }) => `${title} (${unescapeText(whereText(where))})`);
  const more = findings.length - texts.length;
  return `${texts.join('; ')}${more === 0 ? '' : `; and ${more} more`}.`;
}

/** Lists the reader's options for findings that come from the base image. */
function baseAdvice(
  open: readonly ReportFinding[],
  base: readonly BaseEvidence[],
  dockerfile: DockerfileFacts,
): string[] {
  const theirs = open.filter(({ origin }) => origin === 'base');
  if (theirs.length === 0) return [];
  const rebuild =
    dockerfile.source === 'provenance'
      ? 'The provenance records the Dockerfile: change its FROM.'
      : 'If you do not have the Dockerfile, start from the reconstructed one in this report. Use docker create, docker cp and docker commit only as a last resort: nothing records what they change.';
  return [
    `${quantity(theirs.length, 'finding comes', 'findings come')} from the base image, ${baseText(base)}: ${listed(theirs)}`,
    'If a newer base image does not have these findings, change FROM, pin the digest and rebuild.',
    'Or use another base image, smaller or better maintained: fewer programs mean fewer findings.',
    'Or rebuild the base image yourself without them. Deleting them in a later layer leaves them in the image.',
    rebuild,
  ];
}
