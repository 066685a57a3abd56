import type { Warning } from '../../problem.ts';
import type { BlobStore } from '../blobs.ts';
import type { ImageArchive } from '../image.ts';
import type { ImageForm } from '../image-form.ts';

/** The container of a saved image: a tar file or a directory. */
export type Container = 'archive' | 'directory';

/** An opened file or directory whose format is to be detected. */
export interface SavedInput {
  readonly container: Container;
  readonly store: BlobStore;
  /** The name that the user gave; messages begin with it. */
  readonly source: string;
  /** Warnings from reading the container. */
  readonly warnings: readonly Warning[];
}

/** A format of saved images. Each has its own file; `registry.ts` lists them. */
export interface SavedForm {
  /** As in JSON (`image.form`). */
  readonly id: ImageForm;
  /** Its description after "accepted:" in error messages. */
  readonly accepted: string;
  /** The transport for this format, as in `oci:PATH`. */
  readonly transport: string;
  /** Whether `TRANSPORT:PATH:REF` chooses one of several images. */
  readonly choosesByReference: boolean;
  readonly containers: readonly Container[];
  /**
   * Determines from member names and documents whether the input has this format.
   * @param named whether the user named this format; files that only serve to recognise it are then optional
   * @returns true or false; or a message that says why it is not this format although it resembles it
   * @throws Problem if a document needed for the decision is not valid JSON
   */
  detect(input: SavedInput, named: boolean): boolean | string;
  /**
   * Opens an input that {@link detect} accepted.
   * @throws Problem if it leads to no image
   */
  open(input: SavedInput): ImageArchive;
}
