import type { Finding } from '../finding/finding.ts';
import { shellWord } from '../text/shell-word.ts';
import { playbookFor } from './playbooks/catalogue.ts';
import type { Step } from './playbooks/playbook.ts';

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
    purgeStep(finding, subject),
    verifyStep(subject),
  ];
}

function step(phase: Step['phase'], text: string, ...commands: string[]): Step {
  return { phase, text, commands };
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

function fixStep({ state, where }: Finding): Step {
  switch (where.surface) {
    case 'file':
      return state === 'live'
        ? step(
            'fix',
            'Leave the file out of the build (.dockerignore, a narrower COPY), or give it to the one instruction that needs it as a secret mount. An rm in a later instruction does not take it out of the image.',
            'RUN --mount=type=secret,id=<ID>,target=<PATH> <COMMAND>',
          )
        : step(
            'fix',
            'Build without the layer that brought it: the later instruction that removed or replaced it left it in the image. Mount it as a secret, or do the work in a stage of its own and copy the result only.',
            'RUN --mount=type=secret,id=<ID>,target=<PATH> <COMMAND>',
            'COPY --from=<STAGE> <RESULT> <PATH>',
          );
    case 'env':
      return step(
        'fix',
        'Take it out of ENV; give it to the container when it starts.',
        'docker run --env-file <FILE> <IMAGE>',
      );
    case 'history':
      return step(
        'fix',
        'Take it out of the command or the build argument: both are recorded.',
        'RUN --mount=type=secret,id=<ID> <COMMAND reading /run/secrets/ID>',
        'docker build --secret id=<ID>,src=<FILE> .',
      );
    case 'attestation':
      return step(
        'fix',
        'Give it to the build as a secret: provenance records build arguments.',
        'docker build --secret id=<ID>,src=<FILE> .',
      );
    case 'label':
    case 'config':
      return step('fix', 'Take it out of the instruction that sets it, and build again.');
    case 'archive':
      return step(
        'fix',
        'Save the image again: this blob belongs to none of its images and rides along.',
        'docker save <IMAGE> -o <FILE>',
      );
  }
}

function purgeStep({ where }: Finding, { also, diffIds }: StepSubject): Step {
  const given = also.filter(({ layers }) => where.layer !== null && layers.includes(where.layer));
  const named =
    given.length === 0 ? '' : ` (of those that were looked at: ${given.map(({ name }) => name).join(', ')})`;
  const diffId = where.layer === null ? null : diffIds[where.layer];
  const shared =
    diffId === null || diffId === undefined
      ? 'every image that was built from it'
      : `every image that shares the layer ${diffId}${named}`;
  return step(
    'purge',
    `Delete every tag and every digest of the image, and of ${shared}; indexes, attestations and cache images too; then run the registry's garbage collection. A squash or a new tag leaves what was pushed. Find out who has pulled it, and take the credential for known, whatever the logs say.`,
    'skopeo delete docker://<REGISTRY>/<NAME>@<DIGEST>',
    'registry garbage-collect --delete-untagged <CONFIG>',
  );
}

function verifyStep(_subject: StepSubject): Step {
  return step(
    'verify',
    'Build again, and hold the new image against this report in its JSON form.',
    'exhume verify <REPORT.json> <NEW IMAGE>',
  );
}
