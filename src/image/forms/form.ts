import type { Warning } from '../../problem.ts';
import type { BlobStore } from '../blobs.ts';
import type { ImageArchive } from '../image.ts';
import type { ImageForm } from '../image-form.ts';

/** The two things that a saved image comes in: one file that is a tar, or a directory of files. */
export type Container = 'archive' | 'directory';

/** An opened file or directory whose form is to be determined. */
export interface SavedInput {
  readonly container: Container;
  readonly store: BlobStore;
  /** What the user named; messages begin with it. */
  readonly source: string;
  /** What was noticed while the container was read. */
  readonly warnings: readonly Warning[];
}

/** A form in which images are saved. Each has a file of its own; `registry.ts` lists them. */
export interface SavedForm {
  /** As in JSON (`image.form`). */
  readonly id: ImageForm;
  /** What error messages list after "accepted:". */
  readonly accepted: string;
  /** The transport that names this form, as in `oci:PATH`. */
  readonly transport: string;
  /** Whether `TRANSPORT:PATH:REF` may choose one of several images. */
  readonly choosesByReference: boolean;
  readonly containers: readonly Container[];
  /**
   * Determines from the names of members and from documents whether an image is saved in this form.
   * @param named whether the user named this form; what only serves to recognise it may then be missing
   * @returns true or false; or why it is not this form although it looks like it, as a message
   * @throws Problem if a document that decides is not valid JSON
   */
  detect(input: SavedInput, named: boolean): boolean | string;
  /**
   * Opens an input that {@link detect} accepted.
   * @throws Problem if it leads to no image
   */
  open(input: SavedInput): ImageArchive;
}
