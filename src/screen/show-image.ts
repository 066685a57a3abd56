import { startApp } from '../../components/start.tsx';
import type { FlagSources } from '../case/flag-findings.ts';
import type { ImageArchive } from '../image/image.ts';
import { platformText } from '../image/platform.ts';
import type { LayerPool } from '../layer/pool.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { Problem } from '../problem.ts';
import { caseOption, defaultCaseFile } from '../session/case-path.ts';
import { hashInputOnThread } from '../session/hash-input.ts';
import { inputFiles } from '../session/input-files.ts';
import { describeImage, sessionOf } from '../session/session.ts';
import { escapeText } from '../text/escape.ts';
import { keptState, parseKept } from '../tui/kept-state.ts';
import type { ArchiveImages } from '../tui/model.ts';
import { screenPorts } from './ports.ts';
import { readImage } from './read-image.ts';
import { ScreenCase } from './screen-case.ts';
import type { ScreenOptions } from './screen-options.ts';
import type { ChosenImage, ShownImage } from './shown-image.ts';
import { readState, stateFile, writeState } from './state-file.ts';
import type { Surroundings } from './surroundings.ts';
import { viewerCommand } from './viewer.ts';

/**
 * Shows an image until the user leaves it.
 * @returns the image to show next; null if the user left the program
 */
export async function showImage(
  shown: ShownImage,
  screen: ScreenOptions,
  surroundings: Surroundings,
): Promise<ChosenImage | null> {
  const { archive, choice, configured, image, name } = shown;
  const { env, signal, stdin, stdout } = surroundings;
  const { masker } = configured;
  const options = { ...shown.options, signal };
  // No listener: the screen shows these facts itself.
  const unread = await describeImage(archive, image, configured, options, {});
  const { base, history, origins, provenance } = unread;
  const open: { stacked: StackedImage | null; pool: LayerPool | null } = { stacked: null, pool: null };
  const isNamed = screen.caseFile !== undefined;
  const file =
    screen.caseFile === undefined
      ? defaultCaseFile(image.id, env)
      : caseOption(screen.caseFile, image.id, env);
  const held = new ScreenCase(file, isNamed, image, screen.operator, env, masker);
  const sources = (): FlagSources | null =>
    open.stacked?.complete === true ? { ledger: open.stacked.ledger, history, origins, masker } : null;
  // The demonstration starts fresh each time.
  const keptIn = screen.keepState && name !== undefined ? stateFile(image.id, env) : null;
  const next: { image: ChosenImage | null } = { image: null };
  const left = await startApp({
    images: archiveImages(archive, choice, isNamed),
    switchTo: (index) => {
      try {
        next.image = { choice: index, image: archive.choices[index]!.open() };
        return null;
      } catch (error) {
        if (error instanceof Problem) return error.message;
        throw error;
      }
    },
    kept: keptIn === null ? null : parseKept(readState(keptIn)),
    source: image.names[0] ?? image.source,
    masker,
    ports: screenPorts({ stacked: () => open.stacked, history: () => history, masker }, surroundings, {
      held,
      sources,
      inputs: inputFiles(
        {
          images: options.base === undefined ? [name] : [name, options.base],
          case: file,
          files: screen.inputs,
        },
        options.stdin,
      ),
      hashInput: async () => (open.pool === null ? null : hashInputOnThread(name, open.pool)),
      exportReport: async (target, kept) => {
        if (open.stacked === null) throw new Error('the image is not open yet');
        const { exportReport } = await import('../session/export-report.ts');
        return exportReport(sessionOf(unread, open.stacked), target, name, kept, screen.allowIncomplete);
      },
    }),
    stdin,
    stdout,
    env,
    spoken: screen.spoken,
    build: { base, provenance },
    baseLayers: origins.filter((origin) => origin === 'base').length,
    mouse: screen.mouse,
    viewers: { pager: viewerCommand('pager', env)[0]!, editor: viewerCommand('editor', env)[0]! },
    ...(screen.keymap === null ? {} : { keymap: screen.keymap }),
    open: (feed) => readImage(feed, { unread, shown, held, sources, open, signal }),
  });
  if (keptIn !== null) writeState(keptIn, keptState(left));
  return next.image;
}

/** Returns the images that the screen can switch to. */
function archiveImages({ choices }: ImageArchive, current: number, named: boolean): ArchiveImages {
  const list = choices.map(({ index, manifestDigest, missing, names, platform }) => ({
    index,
    names: names.map(escapeText).join(', '),
    platform: escapeText(platformText(platform)),
    digest: manifestDigest ?? '',
    missing,
  }));
  const locked = named ? 'the case belongs to this image; start without --case to open another' : null;
  return { list, current, locked };
}
