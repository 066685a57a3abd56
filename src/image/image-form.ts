/**
 * The formats of saved images, as named in JSON and in the schemas. Each has a file in `forms/`, and
 * `forms/registry.ts` lists them in the order in which they are tried.
 */
export const IMAGE_FORMS = ['docker-archive', 'oci-archive', 'oci-layout', 'dir'] as const;

export type ImageForm = (typeof IMAGE_FORMS)[number];
