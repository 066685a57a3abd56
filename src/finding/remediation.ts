import type { Finding } from './finding.ts';
import { playbookFor } from './playbooks/catalogue.ts';
import { type Step, step } from './playbooks/playbook.ts';

/** The images to purge where no layer tells more. */
export const ANY_CHILD = 'every image that was built from it';

/**
 * Returns what to do about a credential, in order: revoke, check, fix, purge. A report has the same steps,
 * with commands, between those that keep and those that verify.
 */
export function remediationOf({ rule, state, where }: Pick<Finding, 'rule' | 'state' | 'where'>): string[] {
  const { steps } = playbookFor(rule, where.path);
  return [...steps, fixStep({ state, where }), purgeStep(ANY_CHILD)].map(({ text }) => text);
}

/** How to build without the credential. */
export function fixStep({ state, where }: Pick<Finding, 'state' | 'where'>): Step {
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

/** @param others which other images hold the same, in words */
export function purgeStep(others: string): Step {
  return step(
    'purge',
    `Delete every tag and every digest of the image, and of ${others}; indexes, attestations and cache images too; then run the registry's garbage collection. A squash or a new tag leaves what was pushed. Find out who has pulled it, and take the credential for known, whatever the logs say.`,
    'skopeo delete docker://<REGISTRY>/<NAME>@<DIGEST>',
    'registry garbage-collect --delete-untagged <CONFIG>',
  );
}
