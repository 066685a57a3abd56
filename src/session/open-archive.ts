import { existsSync } from 'node:fs';
import { memorySource } from '../bytes/source.ts';
import { chooseImage } from '../image/choose.ts';
import type { Image, ImageArchive, ImageChoice } from '../image/image.ts';
import { openPath, openSource } from '../image/open.ts';
import { parseReference } from '../image/reference.ts';
import type { EarlyScans } from '../layer/early-scans.ts';
import { Problem } from '../problem.ts';
import type { SessionListener } from './listener.ts';
import { type SessionOptions, signalOf } from './session-options.ts';

/** What the built-in demonstration image is called where a source is named. */
const DEMO_SOURCE = 'the built-in demonstration image';

/**
 * Opens the archive behind a name: a file, a directory, an image of an engine or a registry, or standard input.
 * @param name as typed; undefined for the demonstration image
 * @param early told of the layers that have arrived while others are still on their way
 * @throws Problem if there is no such archive or it cannot be opened
 */
export async function openArchive(
  name: string | undefined,
  options: SessionOptions,
  listener: SessionListener,
  early?: EarlyScans,
): Promise<ImageArchive> {
  const reference = parseReference(name, existsSync);
  if (reference.kind === 'demo' || reference.kind === 'path') {
    if (options.keep !== undefined) {
      throw new Problem('usage', '--keep keeps what an engine, a registry or standard input sends');
    }
    if (reference.kind === 'path') {
      return openPath(reference.path, { form: reference.form, signal: signalOf(options) });
    }
    const { demoArchive } = await import('../../fixtures/demo.ts');
    const demo = await demoArchive();
    return openSource(memorySource(DEMO_SOURCE, demo.bytes), demo.bytes.length, DEMO_SOURCE);
  }
  // Loaded on demand: what runs other programs takes longer to load than a small image takes to open.
  const engines = await import('./open-engine-image.ts');
  switch (reference.kind) {
    case 'stdin':
      return engines.openStandardInput(options, listener, early);
    case 'engine':
      return engines.openEngineImage(reference.engine, reference.name, options, listener, early);
    case 'registry':
      return engines.openRegistryImage(reference.name, options, listener, early);
  }
}

/** The options that choose an image of an archive. */
export type ChoiceOptions = Pick<SessionOptions, 'image' | 'platform'>;

/** Opens the image that the options and the name choose. @throws Problem as {@link chooseImage} does */
export function pickImage(archive: ImageArchive, name: string | undefined, options: ChoiceOptions): Image {
  return pickChoice(archive, name, options).open();
}

/**
 * Opens another image beside the one of the session: its base, or one to compare layers with. The options that
 * choose the session's image and say where to keep its archive do not apply to it.
 */
export async function openOtherImage(
  name: string,
  { image: _image, keep: _keep, ...options }: SessionOptions,
  listener: SessionListener,
): Promise<Image> {
  return pickImage(await openArchive(name, options, listener), name, options);
}

/** Finds the image that the options and the name choose, without opening it. */
export function pickChoice(
  archive: ImageArchive,
  name: string | undefined,
  options: ChoiceOptions,
): ImageChoice {
  const reference = parseReference(name, existsSync);
  const named = reference.kind === 'path' ? reference.image : null;
  return chooseImage(archive, {
    image: options.image ?? (named === null ? null : named.replace(/^@/, '')),
    platform: options.platform ?? null,
  });
}
