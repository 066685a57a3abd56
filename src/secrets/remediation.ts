import type { Finding } from '../finding/finding.ts';

/** What to do about a credential, in order, for a person. */
export function remediationOf({
  title,
  rule,
  state,
  where,
}: Pick<Finding, 'title' | 'rule' | 'state' | 'where'>): string[] {
  const key = /key|keystore|pgp|ssh/.test(rule) && !/api|aws|access/.test(rule);
  const revoke = key
    ? `Replace the key (${title}) everywhere it is trusted, and withdraw the old one: whoever has the image has it.`
    : `Revoke it where it was issued (${title}) and issue a new one: whoever has the image has it.`;
  return [
    revoke,
    removal(state, where.surface),
    'Delete the old image from every registry and machine that has it.',
  ];
}

function removal(state: Finding['state'], surface: Finding['where']['surface']): string {
  switch (surface) {
    case 'env':
      return 'Take it out of ENV and build again; give it to the container when it starts (--env-file, a mounted secret).';
    case 'history':
      return 'Build again without it in a build argument or a command; use RUN --mount=type=secret, which leaves no trace.';
    case 'label':
    case 'config':
      return 'Take it out of the instruction that sets it and build again.';
    case 'attestation':
      return 'Build again with the value as a secret, not as a build argument: the provenance records arguments.';
    case 'archive':
      return 'Save the image again: this blob belongs to no image and rides along.';
    case 'file':
      return state === 'live'
        ? 'Leave the file out (.dockerignore, a narrower COPY) and build again; a later RUN rm does not take it out of the image.'
        : 'Build again without the layer that brought it: deleting or overwriting it later left it in the image. RUN --mount=type=secret or a build stage of its own keeps it out.';
  }
}
