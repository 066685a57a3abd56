import { alignHistory } from '../history/align.ts';
import type { Finding } from '../finding/finding.ts';
import { type Image, type ImageArchive, storedBytes } from '../image/image.ts';
import { platformText } from '../image/platform.ts';
import type { LayerPool } from '../layer/pool.ts';
import { EarlyScans } from '../layer/early-scans.ts';
import { stackImage } from '../ledger/stack.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { Problem } from '../problem.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import type { Retest } from '../retest/verify.ts';
import type { EarlierValue } from '../secrets/scan/search-values.ts';
import { escapeText } from '../text/escape.ts';
import { isThemeName, themes } from '../text/theme.ts';
import type { ArchiveImages } from '../tui/model.ts';
import { keptState, parseKept } from '../tui/kept-state.ts';
import type { Binding } from '../tui/keymap.ts';
import { startPick, updatePick } from '../tui/pick.ts';
import type { FlagSources } from '../case/flag-findings.ts';
import type { CaseOptions } from './case.ts';
import type { CommandContext } from './context.ts';
import { findAll } from '../session/find-all.ts';
import { hashInputAside } from '../session/hash-input.ts';
import { inputFiles } from '../session/input-files.ts';
import { openArchive, type OpenedImage, pickChoice, readBase } from '../session/open-image.ts';
import { openKeyInput } from '../screen/key-input.ts';
import { readKeymap } from '../screen/keys-file.ts';
import { type Configured, readConfigured } from '../session/read-config.ts';
import { readState, stateFile, writeState } from '../screen/state-file.ts';

export interface ExploreOptions extends CaseOptions {
  /** An earlier report, to be held against the image. */
  readonly retest?: string;
  /** `--no-state` makes it false: where the person was is neither taken up nor kept. */
  readonly state?: boolean;
  /** The case to keep; `auto`, or none: the one of the image in the state folder. */
  readonly case?: string;
  /** `--no-mouse` makes it false. */
  readonly mouse?: boolean;
  /** One of the themes, or `auto`: as the environment and the terminal's background say. */
  readonly theme?: string;
  /** Lines for a screen reader instead of panes. */
  readonly screenReader?: boolean;
  /** A file with keys of the person's own. */
  readonly keys?: string;
}

/**
 * `exhume [IMAGE]`: the full-screen program if standard output is a terminal and keys can be read;
 * otherwise, and with `--json`, the summary.
 */
export async function explore(
  name: string | undefined,
  options: ExploreOptions,
  context: CommandContext,
): Promise<void> {
  // Validates the theme, with and without a screen.
  screenEnvironment(options, context);
  const keys = options.json === true ? null : openKeyInput(name, context);
  if (keys === null) {
    if (options.retest !== undefined) {
      throw new Problem('usage', '--retest is for the screen; without one: exhume verify REPORT IMAGE');
    }
    const { printSummary, readSummarised } = await import('./summary.ts');
    await printSummary(await readSummarised(name, options, context), options, context);
    return;
  }
  try {
    await exploreOnScreen(name, options, context, keys.stdin);
  } finally {
    keys.close();
  }
}

/** @param keys the terminal that the screen reads; `context.stdin` may be the image */
async function exploreOnScreen(
  name: string | undefined,
  options: ExploreOptions,
  context: CommandContext,
  keys: NodeJS.ReadStream,
): Promise<void> {
  // The screen has no line for the notice that says which file was read.
  const configured = await readConfigured(options, {});
  // Read the report before an image is opened: it may be wrong.
  const retest = options.retest === undefined ? null : await readRetest(options.retest, configured.masker);
  if (retest !== null && !options.verify) {
    throw new Problem('usage', '--retest looks through the contents, which --no-verify leaves unread');
  }
  const keymap = await readKeymap(options.keys, context.env);
  const env = screenEnvironment(options, context);
  const wanted = name ?? (await pickLocal(options, { ...context, env }));
  const onScreen = { ...context, stdin: keys };
  if (wanted === null) return;
  // What cannot be opened is told on the plain terminal, before the screen is taken.
  const early = new EarlyScans({ digests: options.verify });
  try {
    const archive = await openArchive(wanted, context, options, early);
    const choice = pickChoice(archive, wanted, options);
    const first = { choice: choice.index, image: choice.open() };
    const shown = { early, wanted, retest, keymap, configured };
    let next = await showImage({ archive, ...first, ...shown }, options, onScreen);
    while (next !== null) {
      const then = new EarlyScans({ digests: options.verify });
      next = await showImage({ archive, ...next, ...shown, early: then }, options, onScreen);
    }
  } finally {
    early.close();
  }
}

/** The environment as the options change it. @throws Problem `usage` for a theme that is none */
function screenEnvironment(
  { color, theme }: ExploreOptions,
  { env }: Pick<CommandContext, 'env'>,
): NodeJS.ProcessEnv {
  const coloured = color ? env : { ...env, NO_COLOR: '1' };
  if (theme === undefined) return coloured;
  if (theme !== 'auto' && !isThemeName(theme)) {
    throw new Problem('usage', `--theme ${theme}: it takes auto, ${Object.keys(themes).join(', ')}`);
  }
  return { ...coloured, EXHUME_THEME: theme === 'auto' ? undefined : theme };
}

/** A screen reader reads what is printed: lines, where others see panes. */
function isSpoken({ screenReader }: ExploreOptions, { env }: Pick<CommandContext, 'env'>): boolean {
  return screenReader === true || env['INK_SCREEN_READER'] === 'true';
}

/** An image of an archive by its index there. */
interface ChosenImage {
  readonly choice: number;
  readonly image: Image;
}

interface Retesting {
  /** What of the report is searched for beside what the rules find. */
  readonly earlier: readonly EarlierValue[];
  compare(opened: OpenedImage, found: readonly Finding[]): Retest;
}

/** @throws Problem `usage` where the report cannot be read, or is none */
async function readRetest(file: string, masker: Masker): Promise<Retesting> {
  const { goalsOf, readEarlier, retestOpened } = await import('./verify.ts');
  const { searchableValues } = await import('../retest/pair.ts');
  const earlier = readEarlier(file, masker);
  const goals = goalsOf(undefined, earlier.goals);
  return {
    earlier: searchableValues(earlier),
    compare: (opened, found) => retestOpened(earlier, opened, found, goals).result,
  };
}

/**
 * Offers the images of the local engines where no image was named. Where they have none, or do not
 * answer, there is nothing to pick from: the demonstration is opened without asking.
 * @returns what to open: undefined for the demonstration, null for nothing
 */
async function pickLocal(
  options: ExploreOptions,
  context: CommandContext,
): Promise<string | undefined | null> {
  const { feedPick } = await import('../screen/pick-image.ts');
  let pick = startPick();
  await feedPick(options, context, (action) => {
    pick = updatePick(pick, action);
  });
  if (pick.rows.length === 1) return undefined;
  const now = new Date();
  if (isSpoken(options, context)) {
    const { pickByLines } = await import('../screen/pick-by-lines.ts');
    const said = await pickByLines(pick, { ...context, now });
    return said === 'demo' ? undefined : (said?.reference ?? null);
  }
  const { startPicker } = await import('../../components/start-pick.tsx');
  const picked = await startPicker({
    pick,
    now,
    stdin: context.stdin,
    stdout: context.stdout,
    env: context.env,
    mouse: options.mouse ?? true,
  });
  switch (picked.kind) {
    case 'image':
      return picked.reference;
    case 'demo':
      return undefined;
    case 'left':
      return null;
  }
}

/** Shows an image until the person leaves it. @returns the one to show next; null where they left the program */
async function showImage(
  {
    archive,
    choice,
    image,
    early,
    wanted,
    retest,
    keymap,
    configured,
  }: {
    readonly archive: ImageArchive;
    readonly early: EarlyScans;
    /** As the image was named. */
    readonly wanted: string | undefined;
    /** Holds an earlier report against it, where one was given. */
    readonly retest: Retesting | null;
    readonly keymap: readonly Binding[] | null;
    readonly configured: Configured;
  } & ChosenImage,
  options: ExploreOptions,
  context: CommandContext,
): Promise<ChosenImage | null> {
  const env = screenEnvironment(options, context);
  const { masker } = configured;
  const history = alignHistory(image.config.history, image.layers.length);
  const facts = await readBase(image, history, masker, { ...options, quiet: true }, context);
  const open: { stacked: StackedImage | null; pool: LayerPool | null } = { stacked: null, pool: null };
  // Loaded when a screen is wanted: commands start without it.
  const [{ startApp }, { screenPorts }, { ScreenCase }, { caseOption, defaultCaseFile }] = await Promise.all([
    import('../../components/start.tsx'),
    import('../screen/ports.ts'),
    import('../screen/screen-case.ts'),
    import('./case-path.ts'),
  ]);
  const named = options.case !== undefined;
  const file = named
    ? caseOption(options.case, image.id, context.env)
    : defaultCaseFile(image.id, context.env);
  const held = new ScreenCase(file, named, image, options, context, masker);
  const sources = (): FlagSources | null =>
    open.stacked?.complete === true
      ? { ledger: open.stacked.ledger, history, origins: facts.origins, masker }
      : null;
  // The demonstration begins anew each time.
  const keptIn = options.state === false || wanted === undefined ? null : stateFile(image.id, context.env);
  const next: { image: ChosenImage | null } = { image: null };
  const left = await startApp({
    images: archiveImages(archive, choice, named),
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
    ports: screenPorts({ stacked: () => open.stacked, history: () => history, masker }, context, {
      held,
      sources,
      inputs: inputFiles(
        {
          images: options.base === undefined ? [wanted] : [wanted, options.base],
          case: file,
          files: [options.retest, options.keep, options.keys],
        },
        context,
      ),
      hashInput: async () => (open.pool === null ? null : hashInputAside(wanted, open.pool)),
      exportReport: async (target, kept) => {
        if (open.stacked === null) throw new Error('the image is not open yet');
        const opened = { stacked: open.stacked, history, ...facts, ...configured, archive };
        const { exportReport } = await import('./report.ts');
        return exportReport(opened, target, wanted, kept, options, context);
      },
    }),
    stdin: context.stdin,
    stdout: context.stdout,
    env,
    spoken: isSpoken(options, context),
    build: facts,
    baseLayers: facts.origins.filter((origin) => origin === 'base').length,
    ...(keymap === null ? {} : { keymap }),
    ...(options.mouse === undefined ? {} : { mouse: options.mouse }),
    open(feed) {
      const pool = early.poolFor(storedBytes(image), 'free');
      open.pool = pool;
      const leaving = new AbortController();
      const signal = AbortSignal.any([context.signal, leaving.signal]);
      const search = async (stacked: StackedImage): Promise<void> => {
        feed.dispatch({ type: 'case', held: held.view(sources()!), text: '' });
        if (!options.verify) {
          feed.dispatch({ type: 'findings', list: [], search: 'off' });
          return;
        }
        const tell = (list: readonly Finding[], state: 'running' | 'done'): void =>
          feed.dispatch({ type: 'findings', list, search: state });
        const opened = { stacked, history, ...facts, ...configured, archive };
        const onFindings = (list: readonly Finding[]): void => tell(list, 'running');
        const found = await findAll(
          opened,
          options,
          { signal },
          { onFindings, earlier: retest?.earlier ?? [] },
        );
        tell(found, 'done');
        if (retest !== null) feed.dispatch({ type: 'retest', retest: retest.compare(opened, found) });
      };
      stackImage(image, {
        pool,
        early,
        verify: options.verify ? 'later' : 'never',
        signal,
        step(stacked) {
          open.stacked = stacked;
          feed.stacked(stacked, history);
        },
      })
        .then(search)
        .catch((error: unknown) => {
          if (error instanceof Problem && error.code === 'cancelled') return;
          feed.failed(error instanceof Error ? error.message : String(error));
        });
      return () => {
        leaving.abort();
        pool.close();
      };
    },
  });
  if (keptIn !== null) writeState(keptIn, keptState(left));
  return next.image;
}

/** What the screen offers beside the image that it shows. */
function archiveImages({ choices }: ImageArchive, current: number, named: boolean): ArchiveImages {
  const list = choices.map(({ index, manifestDigest, missing, names, platform }) => ({
    index,
    names: names.map(escapeText).join(', '),
    platform: escapeText(platformText(platform)),
    digest: manifestDigest ?? '',
    missing,
  }));
  const locked = named ? 'the case is about this image; another one is opened without --case' : null;
  return { list, current, locked };
}
