import type { Finding } from './finding.ts';
import { playbookFor } from './playbooks/catalogue.ts';
import { type Step, step } from './playbooks/playbook.ts';

/** Which other images to purge if no more is known about the images that share the layer. */
export const ANY_CHILD = 'every image built from it';

/**
 * Returns the steps to take for a credential, in order: revoke, check, fix, purge. A report has the same
 * steps with commands, between the steps "preserve" and "verify".
 */
export function remediationOf({ rule, state, where }: Pick<Finding, 'rule' | 'state' | 'where'>): string[] {
  const { steps } = playbookFor(rule, where.path);
  return [...steps, fixStep({ state, where }), purgeStep(ANY_CHILD)].map(({ text }) => text);
}

/** Returns the step that explains how to build without the credential. */
export function fixStep({ state, where }: Pick<Finding, 'state' | 'where'>): Step {
  switch (where.surface) {
    case 'file':
      return state === 'live'
        ? step(
            'fix',
            'Exclude the file from the build (.dockerignore, a narrower COPY), or pass it to the one instruction that needs it as a secret mount. An rm in a later instruction does not remove it from the image.',
            'RUN --mount=type=secret,id=<ID>,target=<PATH> <COMMAND>',
          )
        : step(
            'fix',
            'Rebuild without the layer that added the file: the later instruction that removed or replaced it left it in the image. Mount it as a secret, or use it in a separate stage and copy only the result.',
            'RUN --mount=type=secret,id=<ID>,target=<PATH> <COMMAND>',
            'COPY --from=<STAGE> <RESULT> <PATH>',
          );
    case 'env':
      return step(
        'fix',
        'Remove it from ENV; pass it to the container at run time.',
        'docker run --env-file <FILE> <IMAGE>',
      );
    case 'history':
      return step(
        'fix',
        'Remove it from the command or build argument: the image records both. Use a secret mount.',
        'RUN --mount=type=secret,id=<ID> <COMMAND reading /run/secrets/ID>',
        'docker build --secret id=<ID>,src=<FILE> .',
      );
    case 'attestation':
      return step(
        'fix',
        'Pass it to the build as a secret: provenance records build arguments.',
        'docker build --secret id=<ID>,src=<FILE> .',
      );
    case 'label':
    case 'config':
      return step('fix', 'Remove it from the instruction that sets it, and rebuild the image.');
    case 'archive':
      return step(
        'fix',
        'Save the image again: this blob belongs to no image in the archive.',
        'docker save <IMAGE> -o <FILE>',
      );
  }
}

/**
 * Returns the step that deletes the image everywhere.
 * @param others the other images with the same credential, as a phrase
 */
export function purgeStep(others: string): Step {
  return step(
    'purge',
    `Delete every tag and digest of the image, and of ${others}, with their indexes, attestations and cache images; then run the registry's garbage collection. A squash or a new tag does not remove what was pushed. Find out who pulled the image, and treat the credential as leaked whatever the logs show.`,
    'skopeo delete docker://<REGISTRY>/<NAME>@<DIGEST>',
    'registry garbage-collect --delete-untagged <CONFIG>',
  );
}
