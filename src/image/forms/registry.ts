import type { ImageForm } from '../image-form.ts';
import { dockerArchive } from './docker-archive.ts';
import type { Container, SavedForm } from './form.ts';
import { ociArchive } from './oci-archive.ts';
import { ociLayout } from './oci-layout.ts';
import { skopeoDir } from './skopeo-dir.ts';

/** The formats that can be opened, in the order in which they are tried. */
export const FORMS: readonly SavedForm[] = [dockerArchive, ociArchive, ociLayout, skopeoDir];

/** The end of the error message for an input that is not accepted. */
export const ACCEPTED = `accepted: ${list(FORMS.map(({ accepted }) => accepted))}`;

/**
 * Returns the formats to try, in order.
 * @param named the format that the user named with a transport: the only one tried, if it suits the container
 */
export function formsFor(container: Container, named: ImageForm | null): readonly SavedForm[] {
  const possible = FORMS.filter(({ containers }) => containers.includes(container));
  const chosen = possible.filter(({ id }) => id === named);
  return chosen.length > 0 ? chosen : possible;
}

/** Returns the format of a transport, as in `oci:PATH`; null if the transport is unknown. */
export function formOfTransport(transport: string): SavedForm | null {
  return FORMS.find((form) => form.transport === transport) ?? null;
}

function list(phrases: readonly string[]): string {
  return `${phrases.slice(0, -1).join(', ')} or ${phrases.at(-1)}`;
}
