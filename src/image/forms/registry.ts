import { dockerArchive } from './docker-archive.ts';
import type { Container, SavedForm } from './form.ts';
import { ociArchive } from './oci-archive.ts';
import { ociLayout } from './oci-layout.ts';
import { skopeoDir } from './skopeo-dir.ts';

/** Every form that can be opened, in the order in which they are tried. */
export const FORMS = [dockerArchive, ociArchive, ociLayout, skopeoDir] as const;

/** How an image was saved. */
export type ImageForm = (typeof FORMS)[number]['id'];

/** The forms as JSON and the schemas name them. */
export const FORM_IDS: readonly ImageForm[] = FORMS.map(({ id }) => id);

/** What the refusal of a file or directory ends with. */
export const ACCEPTED = `accepted: ${list(FORMS.map(({ accepted }) => accepted))}`;

/**
 * The forms to try, in order.
 * @param named the form that the user named by a transport: the only one, if this container can hold it
 */
export function formsFor(container: Container, named: ImageForm | null): readonly SavedForm<ImageForm>[] {
  const all: readonly SavedForm<ImageForm>[] = FORMS;
  const possible = all.filter(({ containers }) => containers.includes(container));
  const chosen = possible.filter(({ id }) => id === named);
  return chosen.length > 0 ? chosen : possible;
}

/** The form that a transport names, as in `oci:PATH`; null if it names none. */
export function formOfTransport(transport: string): SavedForm<ImageForm> | null {
  return FORMS.find((form) => form.transport === transport) ?? null;
}

function list(phrases: readonly string[]): string {
  return `${phrases.slice(0, -1).join(', ')} or ${phrases.at(-1)}`;
}
