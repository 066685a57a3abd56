import type { Severity } from '../../finding/finding.ts';
import { capabilityText, parseCapability } from '../../ledger/capability.ts';
import { type PrivilegedPath, setuidTimeline } from '../../ledger/setuid.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { Check, Failure } from '../check.ts';
import { areMild, isExpected, runsAnything } from '../privileged-names.ts';
import type { Subject } from '../subject.ts';

/** A path that is or was privileged. */
interface Privileged {
  readonly path: string;
  readonly line: PrivilegedPath;
  /** Events that created the file with a privilege. */
  readonly held: readonly number[];
  /** `set in layer 1, cleared in layer 3`. */
  readonly timeline: string;
  readonly live: boolean;
  /** `name version` of the package that lists it; null if none does. */
  readonly package: string | null;
  /** True if its content differs from the package. */
  readonly changed: boolean;
  /** The shell that it is a renamed copy of; null if it is not. */
  readonly shell: string | null;
  readonly permitted: readonly string[] | null;
  readonly capabilities: string | null;
}

/** Checks setuid, setgid and file capabilities in all layers: a chmod in a later layer does not change the lower copy. */
export const privilegedFiles: Check = {
  id: 'privileged-file',
  title: 'Setuid or setgid file',
  severities: ['critical', 'high', 'medium', 'low'],
  sources: ['files'],
  references: ['CIS Docker 4.8', 'dockle CIS-DI-0008'],
  advice: ['RUN chmod a-s <FILE>'],
  run(subject) {
    const found = setuidTimeline(subject.ledger).paths.map((line) => describe(line, subject));
    const expected = new Set(found.filter((each) => isFromDistribution(each, subject)));
    const others = found.filter((each) => !expected.has(each));
    return [...others.map((each) => ownFailure(each, subject)), ...expectedFailure([...expected])];
  },
};

function describe(line: PrivilegedPath, subject: Subject): Privileged {
  const { ledger } = subject;
  const held = line.steps.filter(({ privilege }) => privilege !== null).map(({ event }) => event);
  const value = line.steps.findLast(({ privilege }) => privilege?.capability != null)?.privilege?.capability;
  const shipper = subject.packageOf(held[0]!);
  return {
    path: subject.pathOf(line.events[0]!),
    line,
    held,
    timeline: line.steps.map(({ change, event }) => `${change} in layer ${ledger.layerOf(event)}`).join(', '),
    live: line.setuidFinal || line.capabilitiesFinal,
    package: shipper === null ? null : [shipper.package, shipper.version ?? ''].join(' ').trim(),
    changed: held.some((event) => subject.isChanged(event)),
    shell: held.map((event) => subject.copyOfShell(event)).find((path) => path !== null) ?? null,
    permitted: value == null ? null : (parseCapability(value)?.permitted ?? null),
    capabilities: value == null ? null : capabilityText(value),
  };
}

/** Reports whether the distribution ships the file with its privilege: a known name, in a package or in the base. */
function isFromDistribution(
  { changed, held, line, package: by, path, shell }: Privileged,
  subject: Subject,
): boolean {
  if (!isExpected(path) || changed || shell !== null) return false;
  if (line.steps.some(({ change }) => change === 'changed')) return false;
  // The file existed without the privilege, so the application added it with a chmod.
  if (line.events[0] !== held[0] && subject.originOfEvent(held[0]!) === 'application') return false;
  return by !== null || subject.originOfEvent(held[0]!) !== 'application';
}

/** Returns one finding for all of them; a Debian image has a dozen. */
function expectedFailure(files: readonly Privileged[]): Failure[] {
  if (files.length === 0) return [];
  const live = files.filter((each) => each.live).map(({ path }) => shellWord(path));
  return [
    {
      key: 'expected',
      severity: 'low',
      title: 'Setuid files of the distribution',
      reason: `${files.length} ${files.length === 1 ? 'file' : 'files'}; containers rarely need them`,
      at: files.flatMap(({ held }) => held.map((event) => ({ kind: 'file', event }) as const)),
      details: Object.fromEntries(
        files.map((each) => [
          each.path,
          [each.package ?? 'no package lists it', each.capabilities ?? ''].join(' ').trim(),
        ]),
      ),
      advice: [
        ...(live.length === 0 ? [] : [`RUN chmod a-s ${live.join(' ')}`]),
        'Start containers with --security-opt no-new-privileges, so that these bits and capabilities have no effect.',
      ],
    },
  ];
}

function ownFailure(file: Privileged, subject: Subject): Failure {
  const { capabilities, line, package: by, path, shell, timeline } = file;
  const listed = by === null ? (subject.hasPackages ? '; no package lists it' : '') : `; from ${by}`;
  const changed = file.changed ? ', but modified' : '';
  return {
    key: path,
    severity: severityOf(file, subject),
    title: line.setuidEver ? 'Setuid or setgid file' : 'File with capabilities',
    reason: `${timeline}${listed}${changed}${shell === null ? '' : `; a copy of ${shell}`}`,
    at: file.held.map((event) => ({ kind: 'file', event })),
    details: {
      ...(capabilities === null ? {} : { capabilities }),
      ...(by === null ? {} : { package: by }),
    },
    advice: [
      line.setuidEver
        ? `RUN chmod a-s ${shellWord(path)}, in the instruction that adds the file: a later one leaves a setuid copy in the image`
        : `RUN setcap -r ${shellWord(path)}, in the instruction that adds the file`,
    ],
  };
}

/** Returns the severity by what the privilege allows and who added it; one step lower if the final tree does not have it. */
function severityOf(file: Privileged, subject: Subject): Severity {
  const { held, line, live, path } = file;
  const mild = !line.setuidEver && areMild(file.permitted);
  const isShell = file.shell !== null || runsAnything(path);
  if (mild) return isShell ? 'medium' : 'low';
  if (isShell) return live ? 'critical' : 'high';
  if (file.changed) return live ? 'high' : 'medium';
  const application = held.some((event) => subject.originOfEvent(event) === 'application');
  const chmod = application && line.events[0] !== held[0];
  if (application && (chmod || file.package === null)) return live ? 'high' : 'medium';
  if (application || file.package === null) return live ? 'medium' : 'low';
  return 'low';
}
