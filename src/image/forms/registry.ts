import type { ImageForm } from '../image-form.ts';
import { dockerArchive } from './docker-archive.ts';
import type { Container, SavedForm } from './form.ts';
import { ociArchive } from './oci-archive.ts';
import { ociLayout } from './oci-layout.ts';
import { skopeoDir } from './skopeo-dir.ts';

/** Every form that can be opened, in the order in which they are tried. */
export const FORMS: readonly SavedForm[] = [dockerArchive, ociArchive, ociLayout, skopeoDir];

/** What the refusal of a file or directory ends with. */
export const ACCEPTED = `accepted: ${list(FORMS.map(({ accepted }) => accepted))}`;

/**
 * The forms to try, in order.
 * @param named the form that the user named by a transport: the only one, if this container can hold it
 */
export function formsFor(container: Container, named: ImageForm | null): readonly SavedForm[] {
  const possible = FORMS.filter(({ containers }) => containers.includes(container));
  const chosen = possible.filter(({ id }) => id === named);
  return chosen.length > 0 ? chosen : possible;
}

/** The form that a transport names, as in `oci:PATH`; null if it names none. */
export function formOfTransport(transport: string): SavedForm | null {
  return FORMS.find((form) => form.transport === transport) ?? null;
}

function list(phrases: readonly string[]): string {
  return `${phrases.slice(0, -1).join(', ')} or ${phrases.at(-1)}`;
}
