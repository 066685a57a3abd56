import type { ImageLayer, StoredLayer } from '../image/image.ts';
import type { PlainLayerScan } from '../layer/scan.ts';
import type { Problem, Warning } from '../problem.ts';
import { LOSSES, type TarWarning } from '../tar/member.ts';
import type { LayerStatus } from './stacked-image.ts';
import { type Incomplete, unreadRange } from './unread-parts.ts';

/** Returns the warnings from reading a layer, damage first, with the layer and the blob that stores it. */
export function scanWarnings(layer: ImageLayer, scan: PlainLayerScan): Warning[] {
  const place = { layer: layer.index, member: layer.storedAs };
  const damage = scan.gaps.length > 0 ? scan.gaps : scan.damage === null ? [] : [scan.damage];
  // Warnings of the tar reader about bytes that are not a tar help nobody.
  const isTar = scan.foreign === null || hasEntries(scan);
  const met = isTar ? [...damage, ...scan.warnings] : damage;
  const warnings: Warning[] = met.map(({ code, offset, message }) => ({
    code,
    message: `layer ${layer.index}: ${message}`,
    offset,
    ...place,
  }));
  if (scan.foreign !== null && isTarLayer(layer)) {
    warnings.unshift({
      code: 'not-a-tar',
      message: `layer ${layer.index}: ${notATar(layer, scan)}`,
      ...place,
    });
  }
  if (scan.droppedWarnings > 0 && isTar) {
    const dropped = scan.droppedWarnings;
    const message = `layer ${layer.index}: ${dropped} more ${dropped === 1 ? 'warning' : 'warnings'}`;
    warnings.push({ code: 'more-warnings', message, ...place });
  }
  return warnings;
}

/** Returns the warning for a layer that could not be read at all. */
export function failureWarning(layer: ImageLayer, error: Problem): Warning {
  return {
    code: error.code,
    message: `layer ${layer.index} cannot be read: ${error.message}`,
    layer: layer.index,
    member: layer.storedAs,
  };
}

/** How much of a layer a scan has read. */
export interface ScanVerdict {
  readonly status: LayerStatus & ('indexed' | 'damaged' | 'opaque');
  readonly unread: readonly Incomplete[];
}

/**
 * Decides the status of a layer. It is damaged if some of its blob could not be read or decoded, if it is not a tar,
 * or if the tar ends inside a member. It is opaque if it is not a tar and its media type does not say that it is one.
 * Bytes after the end of a complete tar are not damage.
 */
export function judgeScan(layer: StoredLayer, scan: PlainLayerScan): ScanVerdict {
  const { blob } = layer;
  const { damage, foreign, gaps } = scan;
  const lost = gaps.length > 0 ? gaps : damage === null || damage.code === 'trailing-data' ? [] : [damage];
  const ranges = lost.map((each) => unreadRange(layer.index, blob, each));
  // After an unreadable range, the tar reader finds no header either.
  const losses = lost.length > 0 ? [] : scan.warnings.filter(({ code }) => LOSSES.has(code));
  if (foreign !== null && lost.length === 0) {
    if (!isTarLayer(layer)) return { status: 'opaque', unread: [] };
    if (hasEntries(scan))
      return { status: 'damaged', unread: losses.map((loss) => lossIn(layer, scan, loss)) };
    const whole = { offset: 0, length: blob.size, message: notATar(layer, scan) };
    const part = unreadRange(layer.index, blob, { code: 'corrupt', ...whole });
    return { status: 'damaged', unread: [{ ...part, what: 'layer' }] };
  }
  const isCut = losses.some(({ code }) => code === 'truncated');
  return {
    status: ranges.length > 0 || isCut ? 'damaged' : 'indexed',
    unread: [...ranges, ...losses.map((loss) => lossIn(layer, scan, loss))],
  };
}

/** Reports whether headers were found, even if only after other bytes. */
function hasEntries({ columns }: PlainLayerScan): boolean {
  return columns.path.length > 0;
}

/** Returns the range lost. An offset in the tar is an offset in the blob only if the layer is stored uncompressed. */
function lossIn(layer: StoredLayer, { compression }: PlainLayerScan, loss: TarWarning): Incomplete {
  const { message: reason, offset } = loss;
  const part = unreadRange(layer.index, layer.blob, { code: 'truncated', offset, message: reason });
  if (compression === 'none') return part;
  return { ...part, offset: null, reason: `${reason} (offset ${offset} of the uncompressed tar)` };
}

/** Image-spec, layer.md. Docker's media types and those of encrypted layers contain `tar` too. */
function isTarLayer({ mediaType }: ImageLayer): boolean {
  return mediaType === '' || /\b(?:tar|tgz|gtar)\b/i.test(mediaType);
}

function notATar({ mediaType }: ImageLayer, { foreign }: PlainLayerScan): string {
  const isEncrypted = /\+encrypted\b/.test(mediaType);
  return `not a tar archive (${isEncrypted ? `encrypted: ${mediaType}` : foreign})`;
}
