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
  /** An earlier report to compare with the image. */
  readonly retest?: string;
  /** False with `--no-state`: the last position is neither restored nor saved. */
  readonly state?: boolean;
  /** The case file; if undefined or `auto`, the default case of the image in the state directory. */
  readonly case?: string;
  /** False with `--no-mouse`. */
  readonly mouse?: boolean;
  /** A theme, or `auto` to choose one from the environment and the terminal's background. */
  readonly theme?: string;
  /** Print lines for a screen reader instead of drawing panes. */
  readonly screenReader?: boolean;
  /** A file with custom key bindings. */
  readonly keys?: string;
}

/**
 * `exhume [IMAGE]`: runs the full-screen program if standard output is a terminal and keys can be read. Otherwise, or
 * with `--json`, prints the summary.
 */
export async function explore(
  name: string | undefined,
  options: ExploreOptions,
  context: CommandContext,
): Promise<void> {
  // Also validates the theme, even if no screen is drawn.
  const env = screenEnvironment(options, context.env);
  const keys = options.json === true ? null : openKeyInput(name, context);
  if (keys === null) {
    if (options.retest !== undefined) {
      throw new Problem('usage', '--retest needs a terminal; without one, use: exhume verify REPORT IMAGE');
    }
    const { printSummary, readSummarised } = await import('./summary.ts');
    await printSummary(await readSummarised(name, options, context), options, context);
    return;
  }
  try {
    // Keys may come from /dev/tty, because standard input may be the image.
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
  // The screen does not show the notice about the configuration file.
  const configured = await readConfigured(options.config, {});
  // Validate the report before opening the image.
  const retest =
    options.retest === undefined
      ? null
      : (await import('../screen/retesting.ts')).readRetesting(options.retest, configured.masker);
  if (retest !== null && !options.verify) {
    throw new Problem('usage', '--retest needs file contents; remove --no-verify');
  }
  const screen = await screenOptions(options, context.env);
  const wanted =
    name ?? (await (await import('../screen/pick-local.ts')).pickLocal(options, screen, surroundings));
  if (wanted === null) return;
  // Open the archive before the screen starts, so that errors appear on the normal terminal.
  const early = new EarlyScans({ digests: options.verify });
  try {
    const opening = sessionOptions(options, context);
    const archive = await openArchive(wanted, opening, commandListener(options, context), early);
    const choice = pickChoice(archive, wanted, options);
    const first = { choice: choice.index, image: choice.open() };
    const shown = { archive, early, name: wanted, configured, options: opening, retest };
    // Loaded on demand, so that other commands start faster.
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

/** @throws Problem `usage` if the key bindings cannot be read or are invalid */
async function screenOptions(options: ExploreOptions, env: NodeJS.ProcessEnv): Promise<ScreenOptions> {
  return {
    keymap: await readKeymap(options.keys, env),
    mouse: options.mouse ?? true,
    // A screen reader reads printed lines; it cannot follow panes.
    spoken: options.screenReader === true || env['INK_SCREEN_READER'] === 'true',
    keepState: options.state !== false,
    caseFile: options.case,
    operator: options.operator,
    allowIncomplete: options.allowIncomplete === true,
    inputs: [options.retest, options.keep, options.keys].filter((file) => file !== undefined),
  };
}

/** Returns the environment changed by the options. @throws Problem `usage` for an unknown theme */
function screenEnvironment({ color, theme }: ExploreOptions, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const coloured = color ? env : { ...env, NO_COLOR: '1' };
  if (theme === undefined) return coloured;
  if (theme !== 'auto' && !isThemeName(theme)) {
    throw new Problem(
      'usage',
      `--theme ${theme}: unknown theme; use auto, ${Object.keys(themes).join(', ')}`,
    );
  }
  return { ...coloured, EXHUME_THEME: theme === 'auto' ? undefined : theme };
}
