/**
 * The forms in which images are saved, as JSON and the schemas name them. Each has a file in `forms/`, and
 * `forms/registry.ts` lists them in the order in which they are tried.
 */
export const IMAGE_FORMS = ['docker-archive', 'oci-archive', 'oci-layout', 'dir'] as const;

export type ImageForm = (typeof IMAGE_FORMS)[number];
