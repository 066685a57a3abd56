import { EarlyScans } from '../layer/early-scans.ts';
import { Problem } from '../problem.ts';
import { openKeyInput } from '../screen/key-input.ts';
import { readKeymap } from '../screen/keys-file.ts';
import type { ScreenOptions } from '../screen/screen-options.ts';
import type { Surroundings } from '../screen/surroundings.ts';
import { openArchive, pickChoice } from '../session/open-archive.ts';
import { readConfigured } from '../session/read-config.ts';
import { isThemeName, themes } from '../text/theme.ts';
import type { CaseOptions } from './case.ts';
import type { CommandContext } from './context.ts';
import { commandListener, sessionOptions } from './open-for-command.ts';

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
  const env = screenEnvironment(options, context.env);
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
    // The keys may come from elsewhere than standard input, which may be the image.
    const { signal, stdout } = context;
    await exploreOnScreen(name, options, context, { stdin: keys.stdin, stdout, env, signal });
  } finally {
    keys.close();
  }
}

async function exploreOnScreen(
  name: string | undefined,
  options: ExploreOptions,
  context: CommandContext,
  surroundings: Surroundings,
): Promise<void> {
  // The screen has no line for the notice that says which file was read.
  const configured = await readConfigured(options.config, {});
  // Validate the report before opening the image.
  const retest =
    options.retest === undefined
      ? null
      : (await import('../screen/retesting.ts')).readRetesting(options.retest, configured.masker);
  if (retest !== null && !options.verify) {
    throw new Problem('usage', '--retest looks through the contents, which --no-verify leaves unread');
  }
  const screen = await screenOptions(options, context.env);
  const wanted =
    name ?? (await (await import('../screen/pick-local.ts')).pickLocal(options, screen, surroundings));
  if (wanted === null) return;
  // What cannot be opened is reported on the plain terminal, before the screen is taken.
  const early = new EarlyScans({ digests: options.verify });
  try {
    const opening = sessionOptions(options, context);
    const archive = await openArchive(wanted, opening, commandListener(options, context), early);
    const choice = pickChoice(archive, wanted, options);
    const first = { choice: choice.index, image: choice.open() };
    const shown = { archive, early, name: wanted, configured, options: opening, retest };
    // Loaded when a screen is wanted: commands start without it.
    const { showImage } = await import('../screen/show-image.ts');
    let next = await showImage({ ...shown, ...first }, screen, surroundings);
    while (next !== null) {
      const then = new EarlyScans({ digests: options.verify });
      next = await showImage({ ...shown, ...next, early: then }, screen, surroundings);
    }
  } finally {
    early.close();
  }
}

/** @throws Problem `usage` for a file of keys that cannot be read or is wrong */
async function screenOptions(options: ExploreOptions, env: NodeJS.ProcessEnv): Promise<ScreenOptions> {
  return {
    keymap: await readKeymap(options.keys, env),
    mouse: options.mouse ?? true,
    // A screen reader reads what is printed: lines, where others see panes.
    spoken: options.screenReader === true || env['INK_SCREEN_READER'] === 'true',
    keepState: options.state !== false,
    caseFile: options.case,
    operator: options.operator,
    allowIncomplete: options.allowIncomplete === true,
    inputs: [options.retest, options.keep, options.keys].filter((file) => file !== undefined),
  };
}

/** The environment as the options change it. @throws Problem `usage` for a theme that is none */
function screenEnvironment({ color, theme }: ExploreOptions, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const coloured = color ? env : { ...env, NO_COLOR: '1' };
  if (theme === undefined) return coloured;
  if (theme !== 'auto' && !isThemeName(theme)) {
    throw new Problem('usage', `--theme ${theme}: it takes auto, ${Object.keys(themes).join(', ')}`);
  }
  return { ...coloured, EXHUME_THEME: theme === 'auto' ? undefined : theme };
}
