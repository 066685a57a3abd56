import type { ArrivalProgress } from '../image/engines/arriving.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';

/** Follows an image that an engine, a registry or standard input sends. */
export interface ArrivalListener {
  /** Names the program that the session waits for. */
  waitFor(program: string): void;
  update(progress: ArrivalProgress): void;
  /** The image has arrived or cannot be opened. */
  end(): void;
}

/** Follows a scan. */
export interface ScanListener {
  /** Reports how many of the stored bytes have been scanned. */
  update(done: number, total: number): void;
  end(): void;
}

/**
 * Receives what a session reports while it works. Each method may be left out. Texts and names are as the image
 * has them: escape them before you print them.
 */
export interface SessionListener {
  /** Receives what went wrong without stopping the work: damage, a base that does not match. */
  warning?(text: string): void;
  /** Receives what the user should know, such as which configuration file is in use. */
  notice?(text: string): void;
  /** Called before an image is asked for. The session ends each listener it was given. */
  arrival?(name: string): ArrivalListener;
  /** Called before each scan. The session ends each listener it was given. */
  scan?(): ScanListener;
  /** Receives each image once its layers are read, before the warnings about it. */
  imageRead?(stacked: StackedImage): void;
}

const SILENT = { waitFor: () => {}, update: () => {}, end: () => {} };

/** Starts to report an arrival; reports nothing if the listener does not ask for it. */
export function reportArrival(listener: SessionListener, name: string): ArrivalListener {
  return listener.arrival?.(name) ?? SILENT;
}

/** Starts to report a scan; reports nothing if the listener does not ask for it. */
export function reportScan(listener: SessionListener): ScanListener {
  return listener.scan?.() ?? SILENT;
}
