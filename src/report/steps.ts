import type { Finding } from '../finding/finding.ts';
import { shellWord } from '../text/shell-word.ts';
import { playbookFor } from '../finding/playbooks/catalogue.ts';
import { type Step, step } from '../finding/playbooks/playbook.ts';
import { ANY_CHILD, fixStep, purgeStep } from '../finding/remediation.ts';

/** What the steps of a finding are about. */
export interface StepSubject {
  /** What exhume is to open again, as it was named; null where it has no name: the demonstration image, standard input. */
  readonly source: string | null;
  /** How engines name the image. */
  readonly name: string;
  /** diffIDs of the layers, from the bottom up. */
  readonly diffIds: readonly (string | null)[];
  /** Other images that were given, and the layers of this one that they share. */
  readonly also: readonly { readonly name: string; readonly layers: readonly number[] }[];
}

/** What to do about a finding, in order: preserve, revoke, check, fix, purge, verify. */
export function stepsFor(finding: Finding, subject: StepSubject): Step[] {
  if (finding.kind === 'posture') {
    return [...finding.remediation.map((text) => step('fix', text)), verifyStep(subject)];
  }
  const playbook = playbookFor(finding.rule, finding.where.path);
  return [
    preserveStep(finding, subject),
    ...playbook.steps,
    fixStep(finding),
    purgeStepFor(finding, subject),
    verifyStep(subject),
  ];
}

function preserveStep({ where }: Finding, { name, source }: StepSubject): Step {
  if (where.surface === 'file' && where.path !== null) {
    const image = source === null ? '<IMAGE>' : shellWord(source);
    const command = `exhume extract ${image} ${shellWord(where.path)} --layer ${where.layer} -o evidence`;
    return step(
      'preserve',
      'Keep the file as evidence, with its record, before anything is changed.',
      command,
    );
  }
  return step(
    'preserve',
    'Keep the image as it is, as evidence, before anything is changed.',
    `docker save ${shellWord(name)} -o evidence.tar`,
    'sha256sum evidence.tar',
  );
}

function purgeStepFor({ where }: Finding, { also, diffIds }: StepSubject): Step {
  const given = also.filter(({ layers }) => where.layer !== null && layers.includes(where.layer));
  const named =
    given.length === 0 ? '' : ` (of those that were looked at: ${given.map(({ name }) => name).join(', ')})`;
  const diffId = where.layer === null ? null : diffIds[where.layer];
  const shared =
    diffId === null || diffId === undefined
      ? ANY_CHILD
      : `every image that shares the layer ${diffId}${named}`;
  return purgeStep(shared);
}

function verifyStep(_subject: StepSubject): Step {
  return step(
    'verify',
    'Build again, and hold the new image against this report in its JSON form.',
    'exhume verify <REPORT.json> <NEW IMAGE>',
  );
}
