import type { Origin } from '../history/origin.ts';
import { quantity } from '../text/quantity.ts';
import { humanSize } from '../text/size.ts';
import { unescapeText } from '../text/escape.ts';
import { baseText } from './base-text.ts';
import { shortfalls } from './completeness.ts';
import { whereText } from './finding-lines.ts';
import type { Step } from '../finding/playbooks/playbook.ts';
import type { Report, ReportFinding } from './report.ts';

/** A labelled value of a report. Every format for people uses the same rows. */
export interface ReportRow {
  readonly name: string;
  /** Not escaped: the format must escape it. */
  readonly texts: readonly string[];
  /** Whether to format the value as code: a path, an instruction, a digest. */
  readonly code: boolean;
}

const PHASES: Readonly<Record<Step['phase'], string>> = {
  preserve: 'Preserve',
  revoke: 'Revoke',
  check: 'Check for use',
  fix: 'Fix the build',
  purge: 'Purge',
  verify: 'Verify',
};

/** Returns the heading of a phase. */
export function phaseText(phase: Step['phase']): string {
  return PHASES[phase];
}

const ORIGINS: Readonly<Record<Origin, string>> = {
  base: 'base image',
  application: 'application',
  unknown: 'unknown',
};

/** Returns the origin of a layer or a finding, in words. */
export function originText(origin: Origin): string {
  return ORIGINS[origin];
}

/** Returns the warning at the top of a report that reveals values; null for any other report. */
export function revealedText({ revealed }: Pick<Report, 'revealed'>): string | null {
  return revealed
    ? 'This report contains credentials in plain text. Protect it as you would protect them, and delete it when you no longer need it.'
    : null;
}

/** Returns the warning at the top of a report that does not cover the whole image; empty for a complete report. */
export function incompleteBanner({ incomplete, reading }: Pick<Report, 'incomplete' | 'reading'>): string[] {
  const { mismatches } = reading.digests;
  const found = shortfalls({ incomplete, mismatches, isAllowed: false }).map(({ text }) => text);
  if (found.length === 0) return [];
  const head =
    incomplete.length > 0
      ? 'This report is incomplete. The parts that were not read may contain more findings.'
      : 'The image does not match its digests: it was damaged or changed.';
  return [head, ...found];
}

/** Returns the identity of the image and how it was read. */
export function identityRows({ base, goals, image, reading }: Report): ReportRow[] {
  const { checked, matching } = reading.digests;
  return [
    row('Names', image.names.length === 0 ? '(none)' : image.names.join(', ')),
    row('Opened from', `${image.source} (${image.form})`),
    coded('Image ID', image.id),
    image.manifestDigest === null
      ? row('Manifest digest', 'unknown')
      : coded('Manifest digest', image.manifestDigest),
    row('Platform', image.platform),
    row('Created', image.created ?? 'not recorded'),
    row('Size', `${humanSize(image.size)} in ${quantity(image.layers, 'layer')}`),
    row('Base image', baseText(base)),
    ...(base.length === 0
      ? []
      : [
          {
            name: 'Evidence for the base',
            code: false,
            texts: base.map(({ confidence, method, reason }) => `${method} (${confidence}): ${reason}`),
          },
        ]),
    ...(goals.length === 0 ? [] : [row('Goals for the retest', goals.join(', '))]),
    row('Digests', checked === 0 ? 'none recomputed' : `${matching} of ${checked} recomputed digests match`),
    ...inputRows(reading),
    ...(reading.warnings.length === 0 ? [] : [{ name: 'Warnings', code: false, texts: reading.warnings }]),
  ];
}

function inputRows({ inputAfter, inputBefore }: Report['reading']): ReportRow[] {
  if (inputBefore === null) return [];
  const same = inputBefore === inputAfter;
  return [
    coded('SHA-256 of the image file', inputBefore),
    row(
      'Image file',
      same
        ? 'unchanged while it was read'
        : `CHANGED while it was read; SHA-256 afterwards: ${inputAfter ?? 'unknown, the file cannot be read'}`,
    ),
  ];
}

/** Returns the details of one finding. */
export function findingRows(finding: ReportFinding): ReportRow[] {
  const { audience, confidence, decision, details, occurrences, origin, reason } = finding;
  const own = occurrences.find(({ where }) => where === finding.where) ?? occurrences[0];
  const others = occurrences.filter((each) => each !== own);
  return [
    coded('Where', placeText(finding.where)),
    row(
      'Who can see it',
      audience === 'container'
        ? 'the running container, and anyone who has the image'
        : 'anyone who has the image; it is not visible in the running container',
    ),
    ...(finding.introducedBy === null ? [] : [coded('Introduced by', finding.introducedBy)]),
    ...(finding.removedBy === null ? [] : [coded('Removed by', finding.removedBy)]),
    row('Origin', originText(origin)),
    ...(reason === null ? [] : [row('Reason', reason)]),
    row('Confidence', confidence),
    ...valueRows(finding),
    ...Object.entries(details).map(([name, value]) => row(capital(name), value)),
    ...(others.length === 0
      ? []
      : [
          {
            name: 'Also at',
            code: true,
            texts: [...new Set(others.map(({ state, where }) => `${placeText(where)} (${state})`))],
          },
        ]),
    ...(decision === null
      ? []
      : [
          row(
            'Decision',
            [decision.verdict, decision.reason, decision.until === null ? null : `until ${decision.until}`]
              .filter((part) => part !== null)
              .join(', '),
          ),
        ]),
    coded('ID', finding.id),
  ];
}

function valueRows({ fingerprint, redacted, value, valueLength }: ReportFinding): ReportRow[] {
  if (redacted === null) return [];
  return [
    value === null
      ? coded('Value (masked)', redacted)
      : { name: 'Value IN PLAIN TEXT', code: true, texts: value.trimEnd().split('\n') },
    ...(valueLength === null ? [] : [row('Length', quantity(valueLength, 'byte'))]),
    ...(fingerprint === null ? [] : [coded('Fingerprint', fingerprint)]),
  ];
}

/** Formats a place without escaping it. */
export function placeText(where: ReportFinding['where']): string {
  return unescapeText(whereText(where));
}

/** Describes in a sentence what another image shares with this one. */
export function sharingText({ findings, layers }: Report['also'][number]): string {
  if (layers.length === 0) return 'shares no layers with this image.';
  const shared = layers.length === 1 ? `layer ${layers[0]}` : `layers ${layers.join(', ')}`;
  return findings.length === 0
    ? `shares ${shared}, which ${layers.length === 1 ? 'has' : 'have'} no findings.`
    : `shares ${shared}, which ${layers.length === 1 ? 'has' : 'have'} ${quantity(findings.length, 'finding')}. Rebuild and purge that image too.`;
}

function row(name: string, text: string): ReportRow {
  return { name, texts: [text], code: false };
}

function coded(name: string, text: string): ReportRow {
  return { name, texts: [text], code: true };
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
