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

/** The source name of the built-in demonstration image. */
const DEMO_SOURCE = 'the built-in demonstration image';

/**
 * Opens the archive that a name refers to: a file, a directory, an image of an engine or a registry, or standard
 * input.
 * @param name as the user typed it; undefined for the demonstration image
 * @param early starts to scan layers that have arrived while others are still being received
 * @throws Problem if the archive does not exist or cannot be opened
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
      throw new Problem(
        'usage',
        '--keep only applies to images from an engine, a registry or standard input',
      );
    }
    if (reference.kind === 'path') {
      return openPath(reference.path, { form: reference.form, signal: signalOf(options) });
    }
    const { demoArchive } = await import('../../fixtures/demo.ts');
    const demo = await demoArchive();
    return openSource(memorySource(DEMO_SOURCE, demo.bytes), demo.bytes.length, DEMO_SOURCE);
  }
  // Loaded on demand: the engine code takes longer to load than a small image takes to open.
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

/** The options that select an image of an archive. */
export type ChoiceOptions = Pick<SessionOptions, 'image' | 'platform'>;

/** Opens the image that the options and the name select. @throws Problem as {@link chooseImage} does */
export function pickImage(archive: ImageArchive, name: string | undefined, options: ChoiceOptions): Image {
  return pickChoice(archive, name, options).open();
}

/**
 * Opens an image other than the session's: its base, or an image to compare layers with. Ignores the options that
 * select the session's image and keep its archive.
 */
export async function openOtherImage(
  name: string,
  { image: _image, keep: _keep, ...options }: SessionOptions,
  listener: SessionListener,
): Promise<Image> {
  return pickImage(await openArchive(name, options, listener), name, options);
}

/** Finds the image that the options and the name select, without opening it. */
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
