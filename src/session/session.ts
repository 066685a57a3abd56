import { alignHistory, type HistoryAlignment } from '../history/align.ts';
import { type Image, type ImageArchive, storedBytes } from '../image/image.ts';
import { EarlyScans } from '../layer/early-scans.ts';
import { stackImage } from '../ledger/stack.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { LOSSES } from '../tar/member.ts';
import { reportScan, type SessionListener } from './listener.ts';
import { openArchive, pickImage } from './open-archive.ts';
import { type BaseFacts, readBase } from './read-base.ts';
import { type Configured, readConfigured } from './read-config.ts';
import { type SessionOptions, signalOf } from './session-options.ts';

/** Codes of warnings that mean that part of the archive was not read. */
const ARCHIVE_LOSSES: ReadonlySet<string> = new Set([...LOSSES, 'corrupt', 'unreadable']);

/** An open image whose layers are not read yet: its configuration, history and base are known. */
export interface UnreadSession extends Configured, BaseFacts {
  readonly history: HistoryAlignment;
  /** The archive of the image; it may hold other images and blobs. */
  readonly archive?: ImageArchive;
  /** The options with which the image was opened; they also apply to later work on the session. */
  readonly options: SessionOptions;
  /** Receives the reports of the session. */
  readonly listener: SessionListener;
}

/** An open image whose layers are read and stacked. */
export interface Session extends UnreadSession {
  readonly stacked: StackedImage;
}

/**
 * Opens an image, reads its layers and stacks them.
 * @param name as the user typed it: a file, an engine's image, `-`; undefined for the demonstration image
 * @throws Problem if the image cannot be opened, `usage` for invalid options or an invalid configuration,
 * `cancelled`
 */
export async function openSession(
  name: string | undefined,
  options: SessionOptions = {},
  listener: SessionListener = {},
): Promise<Session> {
  const configured = options.searching ?? (await readConfigured(options.config, listener));
  const { archive, stacked } = await readLayers(name, options, listener);
  noteLosses(archive, stacked);
  listener.imageRead?.(stacked);
  for (const warning of [...archive.warnings, ...stacked.warnings]) {
    const at =
      warning.offset === undefined
        ? ''
        : ` (offset ${warning.offset}${warning.member === undefined ? '' : ` of ${warning.member}`})`;
    listener.warning?.(`${warning.message}${at}`);
  }
  const unread = await describeImage(archive, stacked.image, configured, options, listener);
  return { ...unread, stacked };
}

async function readLayers(
  name: string | undefined,
  options: SessionOptions,
  listener: SessionListener,
): Promise<{ readonly archive: ImageArchive; readonly stacked: StackedImage }> {
  const { searching, verify = true } = options;
  const layerSearch = searching?.layerSearch;
  const keep = searching?.keep;
  const early = new EarlyScans({ digests: verify, keep, task: layerSearch?.call });
  const progress = reportScan(layerSearch === undefined ? {} : listener);
  try {
    const archive = await openArchive(name, options, listener, early);
    const image = pickImage(archive, name, options);
    const stacked = await stackImage(image, {
      pool: early.poolFor(storedBytes(image), 'helps'),
      early,
      layerTask: layerSearch?.listener((done) => progress.update(done, storedBytes(image))),
      keep,
      verify: verify ? 'now' : 'never',
      signal: signalOf(options),
    });
    return { archive, stacked };
  } finally {
    progress.end();
    early.close();
  }
}

/**
 * Describes an image before its layers are read, for a caller that reads them step by step and then calls
 * {@link sessionOf}.
 */
export async function describeImage(
  archive: ImageArchive,
  image: Image,
  { config, masker }: Configured,
  options: SessionOptions,
  listener: SessionListener,
): Promise<UnreadSession> {
  const history = alignHistory(image.config.history, image.layers.length);
  if (history.reason !== null) listener.warning?.(history.reason);
  const facts = await readBase(image, history, masker, options, listener);
  return { config, masker, history, ...facts, archive, options, listener };
}

/** Returns a session for an image whose layers the caller has read, completely or in part. */
export function sessionOf(unread: UnreadSession, stacked: StackedImage): Session {
  if (unread.archive !== undefined) noteLosses(unread.archive, stacked);
  return { ...unread, stacked };
}

/** Records lost members of the archive as unread: they may include blobs that no image names. */
function noteLosses({ source, warnings }: ImageArchive, { unread }: StackedImage): void {
  for (const { code, file = source, message, offset = null } of warnings) {
    if (!ARCHIVE_LOSSES.has(code)) continue;
    unread.add({ layer: null, what: 'blob', file, offset, length: null, reason: message });
  }
}
