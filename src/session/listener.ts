import type { ArrivalProgress } from '../image/engines/arriving.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';

/** Follows the transfer of an image from an engine, a registry or standard input. */
export interface ArrivalListener {
  /** Names the program that the session waits for. */
  waitFor(program: string): void;
  update(progress: ArrivalProgress): void;
  /** The image has arrived or cannot be opened. */
  end(): void;
}

/** Follows a scan. */
export interface ScanListener {
  /** Receives the number of stored bytes scanned so far, and their total. */
  update(done: number, total: number): void;
  end(): void;
}

/**
 * Receives the reports of a session while it works. Every method is optional. Texts and names may come from the
 * image: escape them before printing.
 */
export interface SessionListener {
  /** Receives a problem that does not stop the work, such as damage or a base that does not match. */
  warning?(text: string): void;
  /** Receives information for the user, such as the configuration file in use. */
  notice?(text: string): void;
  /** Called before an image is requested. The session calls `end` on every listener that it received. */
  arrival?(name: string): ArrivalListener;
  /** Called before each scan. The session calls `end` on every listener that it received. */
  scan?(): ScanListener;
  /** Receives each image after its layers were read, before its warnings. */
  imageRead?(stacked: StackedImage): void;
}

const SILENT = { waitFor: () => {}, update: () => {}, end: () => {} };

/** Returns the listener for a transfer; a silent one if `listener` has none. */
export function reportArrival(listener: SessionListener, name: string): ArrivalListener {
  return listener.arrival?.(name) ?? SILENT;
}

/** Returns the listener for a scan; a silent one if `listener` has none. */
export function reportScan(listener: SessionListener): ScanListener {
  return listener.scan?.() ?? SILENT;
}
