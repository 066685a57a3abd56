import { Problem } from '../problem.ts';
import type { ImageArchive, ImageChoice } from './image.ts';
import { hostPlatform, type Platform, parsePlatform, platformMatches, platformText } from './platform.ts';

export interface ChooseOptions {
  /** `--platform os/arch[/variant]`. */
  readonly platform?: string | null;
  /** `--image REF|INDEX`. */
  readonly image?: string | null;
}

/**
 * Chooses one image of an archive: the one with the given name or platform, else the first for this
 * machine's platform, else the first that can be opened.
 * @throws Problem `no-such-image` or `no-such-platform`, with a list of the images
 */
export function chooseImage(archive: ImageArchive, options: ChooseOptions = {}): ImageChoice {
  let choices = archive.choices;
  if (options.image !== undefined && options.image !== null) choices = byName(archive, options.image);
  if (options.platform !== undefined && options.platform !== null) {
    choices = byPlatform(archive, choices, options.platform);
  }
  const usable = choices.filter((choice) => choice.missing === null);
  const first = usable.find((choice) => platformMatches(hostPlatform(), choice.platform)) ?? usable[0];
  if (first !== undefined) return first;
  const missing = choices[0];
  if (missing === undefined) throw new Problem('no-such-image', `${archive.source} contains no image`);
  // Opening it throws the reason.
  missing.open();
  throw new Problem(
    'missing-blob',
    `${archive.source}: ${choiceText(missing)} cannot be opened: ${missing.missing}`,
  );
}

function byName(archive: ImageArchive, wanted: string): readonly ImageChoice[] {
  const exact = archive.choices.filter(
    (choice) => choice.names.some((name) => sameName(name, wanted)) || choice.manifestDigest === wanted,
  );
  if (exact.length > 0) return exact;
  if (/^\d+$/.test(wanted)) {
    const choice = archive.choices[Number(wanted)];
    if (choice !== undefined) return [choice];
  }
  throw new Problem(
    'no-such-image',
    `${archive.source} has no image "${wanted}"; it has ${listChoices(archive.choices)}`,
    {
      file: archive.source,
    },
  );
}

function byPlatform(
  archive: ImageArchive,
  choices: readonly ImageChoice[],
  text: string,
): readonly ImageChoice[] {
  const wanted = parsePlatform(text);
  if (wanted === null) {
    throw new Problem(
      'usage',
      `invalid --platform "${text}": expected os/arch[/variant], for example linux/arm64`,
    );
  }
  const matching = choices.filter((choice) => platformMatches(wanted, choice.platform));
  if (matching.length > 0) return matching;
  throw new Problem(
    'no-such-platform',
    `${archive.source} has no image for ${platformText(wanted as Platform)}; it has ${listChoices(choices)}`,
    { file: archive.source },
  );
}

/** Reports whether names match: `tiny:1` matches `docker.io/library/tiny:1` and `localhost/tiny:1`. The default tag is latest. */
function sameName(name: string, wanted: string): boolean {
  const full = (text: string): string => (/[:@][^/]*$/.test(text) ? text : `${text}:latest`);
  const a = full(name);
  const b = full(wanted);
  return a === b || a.endsWith(`/${b}`);
}

/** Describes one image in a message. */
function choiceText(choice: ImageChoice): string {
  const name = choice.names[0] ?? 'an image without a name';
  return `${choice.index} ${name} (${platformText(choice.platform)})`;
}

function listChoices(choices: readonly ImageChoice[]): string {
  return choices.map(choiceText).join(', ');
}
