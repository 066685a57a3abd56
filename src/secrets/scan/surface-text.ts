import type { Surface } from '../../finding/where.ts';
import type { TextKind } from '../readers/text-scanner.ts';

/** A text of an image outside its layers. */
export interface SurfaceText {
  readonly surface: Surface;
  readonly key: string;
  /** Prepended to the text for the scan, such as the name of a variable; offsets do not count it. */
  readonly prefix: string;
  readonly text: string;
  readonly kind: TextKind;
  readonly path?: string;
  readonly historyIndex?: number;
}
