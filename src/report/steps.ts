import type { Finding } from '../finding/finding.ts';
import { shellWord } from '../text/shell-word.ts';
import { playbookFor } from '../finding/playbooks/catalogue.ts';
import { type Step, step } from '../finding/playbooks/playbook.ts';
import { ANY_CHILD, fixStep, purgeStep } from '../finding/remediation.ts';

/** The image that the steps of a finding apply to. */
export interface StepSubject {
  /** The name with which exhume can open the image again; null for the demonstration image and standard input. */
  readonly source: string | null;
  /** The name of the image in engines. */
  readonly name: string;
  /** diffIDs of the layers, from the bottom up. */
  readonly diffIds: readonly (string | null)[];
  /** Other images given with `--also`, and the layers of this image that they share. */
  readonly also: readonly { readonly name: string; readonly layers: readonly number[] }[];
}

/** Returns the steps for a finding, in order: preserve, revoke, check, fix, purge, verify. */
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
    return step('preserve', 'Save the file with its record as evidence before you change anything.', command);
  }
  return step(
    'preserve',
    'Save the image as evidence before you change anything.',
    `docker save ${shellWord(name)} -o evidence.tar`,
    'sha256sum evidence.tar',
  );
}

function purgeStepFor({ where }: Finding, { also, diffIds }: StepSubject): Step {
  const given = also.filter(({ layers }) => where.layer !== null && layers.includes(where.layer));
  const named =
    given.length === 0
      ? ''
      : ` (of the images given with --also: ${given.map(({ name }) => name).join(', ')})`;
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
    'Rebuild the image and retest it: compare it with the JSON form of this report.',
    'exhume verify <REPORT.json> <NEW IMAGE>',
  );
}
