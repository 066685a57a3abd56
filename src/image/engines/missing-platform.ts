import { Problem } from '../../problem.ts';
import type { ImageArchive, ImageChoice } from '../image.ts';
import { platformText } from '../platform.ts';
import { EngineProblem } from './engine-problem.ts';

/**
 * Improves the error messages of an archive saved by containerd: it saves the whole index even if only one
 * platform was pulled. For the others, the message says so instead of naming a missing blob.
 * @param program the engine that saved the archive
 */
export function explainMissing(archive: ImageArchive, program: string): ImageArchive {
  if (archive.choices.every((choice) => choice.missing === null)) return archive;
  return {
    source: archive.source,
    form: archive.form,
    warnings: archive.warnings,
    choices: archive.choices.map((choice) => explainChoice(choice, archive.source, program)),
    unreferenced: () => archive.unreferenced(),
  };
}

function explainChoice(choice: ImageChoice, source: string, program: string): ImageChoice {
  if (choice.missing === null) return choice;
  const open = (): never => {
    const platform = platformText(choice.platform);
    throw new EngineProblem(
      'missing-blob',
      `${source}: ${program} lists this image for ${platform}, but has not pulled it`,
      [
        describeProblem(choice),
        `pull it (${program} pull --platform ${platform} NAME), or select another platform with --platform`,
      ],
    );
  };
  return { ...choice, open };
}

function describeProblem(choice: ImageChoice): string {
  try {
    choice.open();
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
  return choice.missing ?? '';
}
