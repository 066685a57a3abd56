import type { Origin } from '../history/origin.ts';
import { humanSize } from '../text/size.ts';
import { unescapeText } from '../text/escape.ts';
import { baseText } from './base-text.ts';
import { shortfalls } from './completeness.ts';
import { whereText } from './finding-lines.ts';
import type { Step } from '../finding/playbooks/playbook.ts';
import type { Report, ReportFinding } from './report.ts';

/** A name and what is said of it: the same words in every format that people read. */
export interface ReportRow {
  readonly name: string;
  /** As found in the image: whoever draws them makes them harmless. */
  readonly texts: readonly string[];
  /** Drawn as code: a path, an instruction, a digest. */
  readonly code: boolean;
}

const PHASES: Readonly<Record<Step['phase'], string>> = {
  preserve: 'Preserve',
  revoke: 'Revoke',
  check: 'Check its use',
  fix: 'Fix the build',
  purge: 'Purge',
  verify: 'Verify',
};

/** A phase as a heading of its step. */
export function phaseText(phase: Step['phase']): string {
  return PHASES[phase];
}

const ORIGINS: Readonly<Record<Origin, string>> = {
  base: 'the base image',
  application: "the image's own instructions",
  unknown: 'not known',
};

/** Where a layer or a finding comes from, in words. */
export function originText(origin: Origin): string {
  return ORIGINS[origin];
}

/** What a report says at its head where it holds values; null where it holds none. */
export function revealedText({ revealed }: Pick<Report, 'revealed'>): string | null {
  return revealed
    ? 'This report holds credentials in the clear. Keep it as you would keep them, and delete it when it has served.'
    : null;
}

/** What a report says at its head if it does not cover the whole image; empty if it does. */
export function incompleteBanner({ incomplete, reading }: Pick<Report, 'incomplete' | 'reading'>): string[] {
  const { mismatches } = reading.digests;
  const found = shortfalls({ incomplete, mismatches, isAllowed: false }).map(({ text }) => text);
  if (found.length === 0) return [];
  const head =
    incomplete.length > 0
      ? 'This report is incomplete: what was not read may hold more findings.'
      : 'The image is not what it says it is.';
  return [head, ...found];
}

/** Which image it is, and how it was read. */
export function identityRows({ base, goals, image, reading }: Report): ReportRow[] {
  const { checked, matching } = reading.digests;
  return [
    row('Names', image.names.length === 0 ? '(none)' : image.names.join(', ')),
    row('Opened from', `${image.source} (${image.form})`),
    coded('Image ID', image.id),
    image.manifestDigest === null
      ? row('Manifest', 'its digest is not known')
      : coded('Manifest', image.manifestDigest),
    row('Platform', image.platform),
    row('Created', image.created ?? 'not recorded'),
    row('Size', `${humanSize(image.size)} in ${number(image.layers, 'layer')}`),
    row('Base image', baseText(base)),
    ...(base.length === 0
      ? []
      : [
          {
            name: 'Signs of the base',
            code: false,
            texts: base.map(({ confidence, method, reason }) => `${method} (${confidence}): ${reason}`),
          },
        ]),
    ...(goals.length === 0 ? [] : [row('Goals of the retest', goals.join(', '))]),
    row('Digests', `${matching} of ${checked} were recomputed and match`),
    ...inputRows(reading),
    ...(reading.warnings.length === 0 ? [] : [{ name: 'Warnings', code: false, texts: reading.warnings }]),
  ];
}

function inputRows({ inputAfter, inputBefore }: Report['reading']): ReportRow[] {
  if (inputBefore === null) return [];
  const same = inputBefore === inputAfter;
  return [
    coded('SHA-256 of the file', inputBefore),
    row(
      'The file',
      same ? 'was the same before and after it was read' : `CHANGED while it was read: ${inputAfter}`,
    ),
  ];
}

/** What is known of one finding. */
export function findingRows(finding: ReportFinding): ReportRow[] {
  const { audience, confidence, decision, details, occurrences, origin, reason } = finding;
  const own = occurrences.find(({ where }) => where === finding.where) ?? occurrences[0];
  const others = occurrences.filter((each) => each !== own);
  return [
    coded('Where', placeText(finding.where)),
    row(
      'Who can see it',
      audience === 'container'
        ? 'the running container, and whoever holds the image'
        : 'whoever holds the image; the running container does not see it',
    ),
    ...(finding.introducedBy === null ? [] : [coded('Brought by', finding.introducedBy)]),
    ...(finding.removedBy === null ? [] : [coded('Removed or replaced by', finding.removedBy)]),
    row('Came with', originText(origin)),
    ...(reason === null ? [] : [row('Why it counts', reason)]),
    row('How sure', confidence),
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
            'Decided',
            [decision.verdict, decision.reason, decision.until === null ? null : `until ${decision.until}`]
              .filter((part) => part !== null)
              .join(', '),
          ),
        ]),
    coded('Id', finding.id),
  ];
}

function valueRows({ fingerprint, redacted, value, valueLength }: ReportFinding): ReportRow[] {
  if (redacted === null) return [];
  return [
    value === null
      ? coded('Value, covered', redacted)
      : { name: 'Value, IN THE CLEAR', code: true, texts: value.trimEnd().split('\n') },
    ...(valueLength === null ? [] : [row('Its length', number(valueLength, 'byte'))]),
    ...(fingerprint === null ? [] : [coded('Fingerprint', fingerprint)]),
  ];
}

/** A place as it is, not yet made harmless. */
export function placeText(where: ReportFinding['where']): string {
  return unescapeText(whereText(where));
}

/** How another image stands to this one, in a sentence. */
export function sharingText({ findings, layers }: Report['also'][number]): string {
  if (layers.length === 0) return 'shares no layer with this image.';
  const shared = layers.length === 1 ? `layer ${layers[0]}` : `layers ${layers.join(', ')}`;
  return findings.length === 0
    ? `shares ${shared}; none of the findings stands there.`
    : `shares ${shared}, and with ${layers.length === 1 ? 'it' : 'them'} ${number(findings.length, 'finding')}. It has to be built again and purged too.`;
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

/** A number with its word: `1 layer`, `2 layers`. */
export function number(value: number, word: string): string {
  return `${value} ${word}${value === 1 ? '' : 's'}`;
}
