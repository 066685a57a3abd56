import type { Surface } from '../../finding/where.ts';
import type { TextKind } from '../readers/text-scanner.ts';

/** A text of an image that lies in no layer. */
export interface SurfaceText {
  readonly surface: Surface;
  readonly key: string;
  /** Put before the text while it is looked at, as the name of a variable is; offsets leave it out. */
  readonly prefix: string;
  readonly text: string;
  readonly kind: TextKind;
  readonly path?: string;
  readonly historyIndex?: number;
}
