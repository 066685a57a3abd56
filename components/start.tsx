import { render } from 'ink';
import type { Masker } from '../src/secrets/mask/masker.ts';
import { chooseTheme, colourLevel } from '../src/text/theme.ts';
import type { Ports } from '../src/tui/effects.ts';
import type { KeptState } from '../src/tui/kept-shape.ts';
import {
  type ArchiveImages,
  type BuildFacts,
  type Model,
  startModel,
  type Viewers,
} from '../src/tui/model.ts';
import type { Binding } from '../src/tui/keymap.ts';
import { ASK_BACKGROUND, MOUSE_OFF, MOUSE_ON } from '../src/tui/mouse-sequences.ts';
import { createStore } from '../src/tui/store.ts';
import { App } from './App.tsx';
import { type Feed, feedOf } from './feed.ts';
import { ReaderApp } from './ReaderApp.tsx';
import { TerminalEffects } from './terminal-effects.ts';
import { TerminalStdin } from './terminal-stdin.ts';

export interface AppOptions {
  /** The image as the user named it. */
  readonly source: string;
  /** Masks every text of the image before it is drawn. */
  readonly masker: Masker;
  /** Called after the first frame; returns a function that is called when the screen closes. */
  readonly open: (feed: Feed) => () => void;
  readonly ports: Ports;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** How many of the lowest layers belong to the base image, if known. */
  readonly baseLayers?: number;
  /** Known facts about the build. */
  readonly build?: BuildFacts;
  readonly images?: ArchiveImages;
  /**
   * Opens another image of the archive, to show after this screen has closed.
   * @returns null, or why it cannot be opened
   */
  readonly switchTo?: (image: number) => string | null;
  readonly mouse?: boolean;
  readonly viewers?: Viewers;
  /** Print lines for a screen reader instead of drawing panes. */
  readonly spoken?: boolean;
  /** Custom key bindings. */
  readonly keymap?: readonly Binding[];
  /** The saved position in this image. */
  readonly kept?: KeptState | null;
}

/**
 * Runs the full-screen program until the user quits. Both streams must be terminals. The terminal is always
 * restored, even after an error, which is thrown again.
 * @returns the final model, from which the position is saved
 */
export async function startApp(options: AppOptions): Promise<Model> {
  const { stdin, stdout, env } = options;
  const isSpoken = options.spoken === true;
  const terminal = new TerminalEffects(options);
  const fresh = startModel({
    source: options.source,
    masker: options.masker,
    size: { columns: stdout.columns, rows: stdout.rows },
    look: {
      theme: chooseTheme(env),
      level: colourLevel(env, stdout.isTTY),
      unicode: /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''),
    },
    ...(options.baseLayers === undefined ? {} : { baseLayers: options.baseLayers }),
    ...(options.build === undefined ? {} : { build: options.build }),
    ...(options.images === undefined ? {} : { images: options.images }),
    ...(options.viewers === undefined ? {} : { viewers: options.viewers }),
    mouse: !isSpoken && (options.mouse ?? true),
    ...(options.keymap === undefined ? {} : { keymap: options.keymap }),
    kept: options.kept ?? null,
  });
  const store = createStore(fresh, (effect) => terminal.perform(effect));
  terminal.store = store;
  const input = new TerminalStdin(stdin, ({ mouse, background }) => {
    // The answer may arrive late: do not override a theme that the user has chosen since.
    if (background !== null && store.model().look.theme === chooseTheme(env)) {
      store.dispatch({ type: 'look', look: { theme: chooseTheme(env, background) } });
    }
    store.batch(() => mouse.forEach((action) => store.dispatch(action)));
  });
  const restoreMouse = (): void => {
    stdout.write(MOUSE_OFF);
  };
  let crash: ((error: unknown) => void) | undefined;
  const crashed = new Promise<never>((_, reject) => {
    crash = reject;
  });
  const onCrash = (error: unknown): void => crash?.(error);
  process.on('uncaughtException', onCrash);
  input.clearLine(stdout);
  const streams = { stdin: input as unknown as NodeJS.ReadStream, stdout };
  const user = { store, onReady: terminal.ready, onClose: isSpoken ? () => {} : restoreMouse };
  const app = isSpoken ? <ReaderApp {...user} /> : <App {...user} />;
  const instance = isSpoken
    ? render(app, {
        ...streams,
        interactive: true,
        exitOnCtrlC: false,
        isScreenReaderEnabled: true,
      })
    : render(app, {
        ...streams,
        alternateScreen: true,
        interactive: true,
        exitOnCtrlC: false,
        incrementalRendering: true,
        maxFps: 60,
      });
  // Update the model before Ink redraws: a frame of the old size would wrap and displace other rows.
  const resized = (): void => {
    store.dispatch({ type: 'resize', size: { columns: stdout.columns, rows: stdout.rows } });
    instance.rerender(app);
  };
  stdout.prependListener('resize', resized);
  if (!isSpoken) stdout.write((store.model().mouse ? MOUSE_ON : '') + ASK_BACKGROUND);
  const feed = feedOf(store);
  const close = options.open(feed);
  try {
    await Promise.race([instance.waitUntilExit(), crashed]);
    return store.model();
  } finally {
    feed.stop();
    close();
    terminal.stop();
    process.off('uncaughtException', onCrash);
    stdout.off('resize', resized);
    instance.unmount();
    input.release();
  }
}
