import type { Decision } from '../finding/decision.ts';
import { settles } from '../finding/decision.ts';
import { atLeast, countFindings, type Finding, type FindingCounts } from '../finding/finding.ts';
import { playbookFor } from '../finding/playbooks/catalogue.ts';
import type { Step } from '../finding/playbooks/playbook.ts';
import { mostVisible } from '../finding/state.ts';
import type { BaseEvidence } from '../history/base.ts';
import type { Incomplete } from '../ledger/unread-parts.ts';
import { unescapeText } from '../text/escape.ts';
import { baseText } from './base-text.ts';
import { type BuildFixes, fixesFor } from './build-fixes.ts';
import type { DockerfileFacts } from './dockerfile-facts.ts';
import { whereText } from './finding-lines.ts';
import type { HistoryFacts, ImageFacts, LayerFacts } from './image-facts.ts';
import { stepsFor } from './steps.ts';

/** Who can still get at it: the running container, or only whoever holds the image. */
type Audience = 'container' | 'image';

/** A finding as a report shows it. */
export interface ReportFinding extends Finding {
  readonly audience: Audience;
  readonly decision: Decision | null;
  readonly playbook: string | null;
  readonly steps: readonly Step[];
  readonly cites: readonly string[];
  /** The value in the clear, where revealing was asked for; else null. Bytes that are no UTF-8 as U+FFFD. */
  readonly value: string | null;
}

/** How the image was read, and what of it could be checked. */
interface ReadingFacts {
  readonly digests: {
    readonly matching: number;
    readonly checked: number;
    readonly mismatches: readonly string[];
  };
  readonly warnings: readonly string[];
  readonly incomplete: readonly Incomplete[];
  /** sha256 of the file opened, before and after; null where it is no single file. */
  readonly inputBefore: string | null;
  readonly inputAfter: string | null;
}

/** Another image that was given, and which layers it shares. */
export interface SharingImage {
  readonly source: string;
  readonly names: readonly string[];
  readonly id: string;
  /** Indices of this image's layers that the other one has too, by diffID. */
  readonly layers: readonly number[];
  /** Loud findings that stand in one of them. */
  readonly findings: readonly string[];
}

/** A line of a case's log, as a report shows it. */
export interface LogLine {
  readonly at: string;
  readonly action: string;
  readonly detail: string;
}

/** What a report is made of. */
export interface ReportSources {
  /** How the image was named when it was opened; null where it cannot be opened again by a name. */
  readonly openedAs: string | null;
  readonly image: ImageFacts;
  readonly layers: readonly LayerFacts[];
  readonly history: readonly HistoryFacts[];
  readonly base: readonly BaseEvidence[];
  readonly dockerfile: DockerfileFacts;
  readonly reading: ReadingFacts;
  readonly findings: readonly Finding[];
  /** Values by the id of their finding, where revealing was asked for. */
  readonly values: ReadonlyMap<string, Uint8Array> | null;
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly log: readonly LogLine[];
  /** Goals of the case; none without one. */
  readonly goals: readonly string[];
  readonly also: readonly SharingImage[];
  readonly now: Date;
  readonly version: string;
}

/** The canonical report; every format derives from it. */
export interface Report {
  readonly schema: 'exhume/report/1';
  readonly tool: string;
  readonly generated: string;
  /** True where the values of credentials stand in it: such a report is as secret as they are. */
  readonly revealed: boolean;
  readonly verdict: { readonly clean: boolean; readonly lines: readonly string[] };
  readonly image: ImageFacts;
  readonly base: readonly BaseEvidence[];
  readonly reading: Omit<ReadingFacts, 'incomplete'>;
  /** What was not read of the image. */
  readonly incomplete: readonly Incomplete[];
  readonly counts: FindingCounts;
  /** What a retest must reach, by the case; none where there is no case. */
  readonly goals: readonly string[];
  /** Under which key the fingerprints are, for whoever holds two reports against each other. */
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
  'Ids and fingerprints are HMAC-SHA-256 under a key that every copy of exhume has, so they can be held against other reports. Only a long, random value goes into one; a value that could be guessed is named by its rule and place instead.';

/** Builds the report. Pure: the time comes with the sources. */
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
      steps: finding.demoted === null ? stepsFor(finding, subject) : [],
      cites: playbook?.cites ?? finding.references,
      value: valueOf(finding, sources.values),
    };
  });
  const open = findings.filter((finding) => isOpen(finding, now));
  return {
    schema: 'exhume/report/1',
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

/** Loud, and not settled by a decision. */
function isOpen({ decision, demoted }: Pick<ReportFinding, 'decision' | 'demoted'>, now: Date): boolean {
  return demoted === null && !settles(decision, now);
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
    // What was not read may hold anything.
    clean: open.length === 0 && incomplete.length === 0 && digests.mismatches.length === 0,
    lines: [
      secretsLine(secrets.length, hidden.length),
      urgent.length === 0
        ? 'Nothing is urgent.'
        : `${count(urgent.length, 'finding')} of critical or high severity: revoke first, then build again, then purge, then verify.`,
      `${digestLine(digests)}${rest === 0 ? '' : ` ${count(rest, 'more finding')} ${rest === 1 ? 'was' : 'were'} set aside, with the reason.`}`,
    ],
  };
}

function secretsLine(all: number, hidden: number): string {
  if (all === 0) return 'No credential was found that is still open.';
  const sight =
    hidden === 0
      ? `The running container sees ${all === 1 ? 'it' : 'all of them'} too.`
      : `The running container does not see ${hidden === all ? (all === 1 ? 'it' : 'any of them') : `${hidden} of them`}; whoever can pull the image does.`;
  return `${count(all, 'credential')} can be taken out of this image by whoever gets hold of it. ${sight}`;
}

function digestLine({ checked, mismatches }: ReadingFacts['digests']): string {
  if (mismatches.length > 0)
    return `${count(mismatches.length, 'digest')} did not match, so the image is not what it says it is: ${mismatches.join(', ')}.`;
  return checked === 0
    ? 'No digest could be checked.'
    : `All ${checked} digests that could be checked match.`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** Findings by name and place, the first of them. */
function listed(findings: readonly ReportFinding[]): string {
  const texts = findings
    .slice(0, 8)
    .map(({ title, where }) => `${title} (${unescapeText(whereText(where))})`);
  const more = findings.length - texts.length;
  return `${findings.length === 1 ? 'It is' : 'They are'}: ${texts.join('; ')}${more === 0 ? '' : `; and ${more} more`}.`;
}

/** What to do about problems that came with the base: the decision is the reader's. */
function baseAdvice(
  open: readonly ReportFinding[],
  base: readonly BaseEvidence[],
  dockerfile: DockerfileFacts,
): string[] {
  const theirs = open.filter(({ origin }) => origin === 'base');
  if (theirs.length === 0) return [];
  const rebuild =
    dockerfile.source === 'provenance'
      ? 'The Dockerfile is recorded in the provenance: change its FROM.'
      : 'Without the Dockerfile at hand, start from the rebuilt one in this report; docker create, docker cp and docker commit are the last resort: what they do is recorded nowhere.';
  return [
    `${count(theirs.length, 'finding')} came with the base image: ${baseText(base)}.`,
    listed(theirs),
    'A newer base, if one is without them: change FROM, pin its digest, build again.',
    'Another base, smaller or kept by others: the fewer programs, the fewer findings.',
    'A base of your own, built again without them: deleting them in a later layer leaves them in the image.',
    rebuild,
  ];
}
