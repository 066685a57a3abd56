import type { Severity } from '../../finding/finding.ts';
import { capabilityText, parseCapability } from '../../ledger/capability.ts';
import { type PrivilegedPath, setuidTimeline } from '../../ledger/setuid.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { Check, Failure } from '../check.ts';
import { areMild, isExpected, runsAnything } from '../privileged-names.ts';
import type { Subject } from '../subject.ts';

/** What is known of one path that is or was privileged. */
interface Privileged {
  readonly path: string;
  readonly line: PrivilegedPath;
  /** Events that put the file there with a privilege. */
  readonly held: readonly number[];
  /** `set in layer 1, cleared in layer 3`. */
  readonly timeline: string;
  readonly live: boolean;
  /** `name version` of the package that lists it; null where none does. */
  readonly package: string | null;
  /** Its content is not what its package ships. */
  readonly changed: boolean;
  /** The shell that it is a copy of, by another name; null for others. */
  readonly shell: string | null;
  readonly permitted: readonly string[] | null;
  readonly capabilities: string | null;
}

/** Setuid, setgid and file capabilities over time: a chmod in a later layer leaves the lower copy as it was. */
export const privilegedFiles: Check = {
  id: 'privileged-file',
  title: 'Setuid or setgid file',
  severities: ['critical', 'high', 'medium', 'low'],
  sources: ['files'],
  references: ['CIS Docker 4.8', 'dockle CIS-DI-0008'],
  advice: ['RUN chmod a-s <FILE>'],
  run(subject) {
    const found = setuidTimeline(subject.ledger).paths.map((line) => describe(line, subject));
    const expected = new Set(found.filter((each) => isDistributions(each, subject)));
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

/** Needed by what it is for, and there by the distribution's own doing; where no package can be asked, by its name. */
function isDistributions(
  { changed, held, line, package: by, path, shell }: Privileged,
  subject: Subject,
): boolean {
  if (!isExpected(path) || changed || shell !== null) return false;
  if (line.steps.some(({ change }) => change === 'changed')) return false;
  // A file that was there without: a chmod, and no package's doing.
  if (line.events[0] !== held[0] && subject.originOfEvent(held[0]!) === 'application') return false;
  return by !== null || subject.originOfEvent(held[0]!) !== 'application';
}

/** One finding for all: a Debian has a dozen. */
function expectedFailure(files: readonly Privileged[]): Failure[] {
  if (files.length === 0) return [];
  const live = files.filter((each) => each.live).map(({ path }) => shellWord(path));
  return [
    {
      key: 'expected',
      severity: 'low',
      title: 'Setuid and setgid files that distributions ship',
      reason: `${files.length} of them; a container seldom needs one`,
      at: files.flatMap(({ held }) => held.map((event) => ({ kind: 'file', event }) as const)),
      details: Object.fromEntries(
        files.map((each) => [
          each.path,
          [each.package ?? 'no package lists it', each.capabilities ?? ''].join(' ').trim(),
        ]),
      ),
      advice: [
        ...(live.length === 0 ? [] : [`RUN chmod a-s ${live.join(' ')}`]),
        'Start containers with --security-opt no-new-privileges: then none of them has an effect.',
      ],
    },
  ];
}

function ownFailure(file: Privileged, subject: Subject): Failure {
  const { capabilities, line, package: by, path, shell, timeline } = file;
  const listed = by === null ? (subject.hasPackages ? '; no package lists it' : '') : `; of ${by}`;
  const changed = file.changed ? ', but not as that ships it' : '';
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
        ? `RUN chmod a-s ${shellWord(path)}, in the instruction that brings the file: in a later one the copy below stays as it is`
        : `RUN setcap -r ${shellWord(path)}, in the instruction that brings the file`,
    ],
  };
}

/** By what it gives to whom; a privilege that is gone from the final tree is one step less. */
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
