import type { Image, ImageArchive } from '../image/image.ts';
import type { EarlyScans } from '../layer/early-scans.ts';
import type { Configured } from '../session/read-config.ts';
import type { SessionOptions } from '../session/session-options.ts';
import type { Retesting } from './retesting.ts';

/** An image of an archive, by its index there. */
export interface ChosenImage {
  readonly choice: number;
  readonly image: Image;
}

/** What the screen shows, and how it was opened. */
export interface ShownImage extends ChosenImage {
  readonly archive: ImageArchive;
  /** Scans of layers that have already started. */
  readonly early: EarlyScans;
  /** As the image was named; undefined for the demonstration. */
  readonly name: string | undefined;
  readonly configured: Configured;
  readonly options: SessionOptions;
  /** The earlier report to compare with the image, if one was given. */
  readonly retest: Retesting | null;
}
