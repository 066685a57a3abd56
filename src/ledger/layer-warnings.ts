import type { ImageLayer } from '../image/image.ts';
import type { PlainLayerScan } from '../layer/scan.ts';
import { Problem, type Warning } from '../problem.ts';

/** What reading a layer met that is not as it should be, damage first, with the layer and where it is stored. */
export function scanWarnings(layer: ImageLayer, scan: PlainLayerScan): Warning[] {
  const place = { layer: layer.index, member: layer.storedAs };
  const met = scan.damage === null ? scan.warnings : [scan.damage, ...scan.warnings];
  const warnings: Warning[] = met.map(({ code, offset, message }) => ({
    code,
    message: `layer ${layer.index}: ${message}`,
    offset,
    ...place,
  }));
  if (scan.droppedWarnings > 0) {
    const message = `layer ${layer.index}: ${scan.droppedWarnings} more warnings`;
    warnings.push({ code: 'more-warnings', message, ...place });
  }
  return warnings;
}

/** A layer that could not be read at all, and why. */
export function failureWarning(layer: ImageLayer, error: unknown): Warning {
  return {
    code: error instanceof Problem ? error.code : 'unreadable',
    message: `layer ${layer.index} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    layer: layer.index,
    member: layer.storedAs,
  };
}
