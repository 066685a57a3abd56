import { render } from 'ink';
import type { HistoryAlignment } from '../src/history/align.ts';
import type { StackedImage } from '../src/ledger/stacked-image.ts';
import type { Masker } from '../src/secrets/mask/masker.ts';
import { chooseTheme, colourLevel } from '../src/text/theme.ts';
import { type KeptState, withKept } from '../src/tui/kept-state.ts';
import type { Action } from '../src/tui/actions.ts';
import type { Effect, Ports } from '../src/tui/effects.ts';
import { type ArchiveImages, type BuildFacts, type Model, startModel } from '../src/tui/model.ts';
import type { Binding } from '../src/tui/keymap.ts';
import { ASK_BACKGROUND, MOUSE_OFF, MOUSE_ON } from '../src/tui/mouse-sequences.ts';
import { createStore, type Store } from '../src/tui/store.ts';
import { App } from './App.tsx';
import { BackgroundWork } from './background-work.ts';
import { ReaderApp } from './ReaderApp.tsx';
import { TerminalStdin } from './terminal-stdin.ts';
import type { TerminalControls } from './use-terminal.ts';

/** What the one who opens and reads the image tells the screen. */
export interface Feed {
  /** More has been read; the newest value is what counts. */
  readonly stacked: (stacked: StackedImage, history: HistoryAlignment) => void;
  /** The image cannot be opened, or reading it ended. One line for the person. */
  readonly failed: (message: string) => void;
  /** Anything else, as an action. */
  readonly dispatch: (action: Action) => void;
}

export interface AppOptions {
  /** What is being opened, as the person named it. */
  readonly source: string;
  /** Made from the configuration: nothing is drawn without it. */
  readonly masker: Masker;
  /** Called once the first frame is drawn; what it gives back is called when the screen closes. */
  readonly open: (feed: Feed) => () => void;
  readonly ports: Ports;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** How many layers at the bottom are the base's, where that is known. */
  readonly baseLayers?: number;
  /** What is known of how it was built. */
  readonly build?: BuildFacts;
  readonly images?: ArchiveImages;
  /**
   * Opens another image of the archive, to be shown once this screen has closed.
   * @returns null, or why it cannot be opened
   */
  readonly switchTo?: (image: number) => string | null;
  readonly mouse?: boolean;
  /** For a screen reader: lines that say what changes, instead of panes. */
  readonly spoken?: boolean;
  /** The keys, where a person has their own. */
  readonly keymap?: readonly Binding[];
  /** Where the person was when the image was open before. */
  readonly kept?: KeptState | null;
}

/** While layers come in, the tree is drawn anew at most this often, in milliseconds. */
const STACKED_INTERVAL = 50;

/**
 * Runs the full-screen program until the person leaves it. Both streams must be terminals. Whatever
 * ends it, the terminal is as it was before; what is thrown is what went wrong.
 * @returns the model at the end, for what is to be remembered of it
 */
export async function startApp(options: AppOptions): Promise<Model> {
  const { stdin, stdout, env } = options;
  const isSpoken = options.spoken === true;
  const terminal = new Terminal(options);
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
    mouse: !isSpoken && (options.mouse ?? true),
    ...(options.keymap === undefined ? {} : { keymap: options.keymap }),
  });
  const store = createStore(options.kept == null ? fresh : withKept(fresh, options.kept), (effect) =>
    terminal.perform(effect),
  );
  terminal.store = store;
  const input = new TerminalStdin(stdin, ({ mouse, background }) => {
    // An answer may come late: a theme that the person has chosen by then stays.
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
  // Ink draws what is there when the size changes. Were that a frame of the old size still, its rows would
  // wrap and push others away: the model comes first, and is drawn at once.
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

/** Does what the model wants done outside of it. */
class Terminal {
  readonly #options: AppOptions;
  #controls: TerminalControls | null = null;
  #work: BackgroundWork | null = null;
  store!: Store;

  constructor(options: AppOptions) {
    this.#options = options;
  }

  readonly ready = (controls: TerminalControls): void => {
    this.#controls = controls;
  };

  perform(effect: Effect): void {
    const { ports, stdout } = this.#options;
    switch (effect.type) {
      case 'quit':
        this.#controls?.exit();
        return;
      case 'switch': {
        const wrong = this.#options.switchTo?.(effect.image) ?? null;
        if (wrong === null) this.#controls?.exit();
        else this.store.dispatch({ type: 'told', message: { kind: 'error', text: wrong } });
        return;
      }
      case 'suspend':
        void this.#away(async () => {
          process.kill(0, 'SIGTSTP');
          // Time stands still while the process is stopped: this ends once it goes on.
          await new Promise((resolve) => setTimeout(resolve, 20));
          return '';
        });
        return;
      case 'mouse':
        stdout.write(effect.on ? MOUSE_ON : MOUSE_OFF);
        return;
      case 'search':
      case 'filter':
        this.#work ??= new BackgroundWork(this.store);
        this.#work.start(effect);
        return;
      case 'copy':
        void this.#tell(ports.copy(effect.text, effect.what));
        return;
      case 'case':
        ports.changeCase(effect.change).then(
          ({ held, text }) => this.store.dispatch({ type: 'case', held, text }),
          (error: unknown) => void this.#tell(Promise.reject(error)),
        );
        return;
      case 'export':
        void this.#tell(ports.exportReport(effect.file));
        return;
      case 'keep-rules':
        void this.#tell(ports.keepRules(effect.file, effect.findings));
        return;
      case 'ask-extract':
        this.store.dispatch({ ...effect, folder: ports.freeFolder(effect.folder) });
        return;
      case 'extract':
        void this.#tell(ports.extract(effect.places, effect.folder));
        return;
      case 'preview':
        ports.preview(effect.request).then(
          (preview) => this.store.dispatch({ type: 'previewed', preview }),
          (error: unknown) => void this.#tell(Promise.reject(error)),
        );
        return;
      case 'view':
        void this.#away(() => ports.view(effect.viewer, effect.content));
        return;
    }
  }

  stop(): void {
    this.#work?.stop();
  }

  /** Gives the terminal away while something else has it. */
  async #away(work: () => Promise<string>): Promise<void> {
    const { stdout } = this.#options;
    const { mouse } = this.store.model();
    if (this.#controls === null) return;
    let answer: Promise<string> = Promise.resolve('');
    if (mouse) stdout.write(MOUSE_OFF);
    await this.#controls.suspendTerminal(async () => {
      answer = work();
      await answer.catch(() => '');
    });
    if (mouse) stdout.write(MOUSE_ON);
    // The window may have another size by now.
    this.store.dispatch({ type: 'resize', size: { columns: stdout.columns, rows: stdout.rows } });
    await this.#tell(answer);
  }

  async #tell(answer: Promise<string>): Promise<void> {
    try {
      const text = await answer;
      if (text !== '') this.store.dispatch({ type: 'told', message: { kind: 'info', text } });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.store.dispatch({ type: 'told', message: { kind: 'error', text } });
    }
  }
}

/** Passes news on; while layers come in fast, only the newest of a moment. */
function feedOf(store: Store): Feed & { readonly stop: () => void } {
  let pending: Extract<Action, { type: 'stacked' }> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let last = 0;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    last = performance.now();
    const action = pending;
    pending = null;
    if (action !== null) store.dispatch(action);
  };
  return {
    stacked(stacked, history) {
      pending = { type: 'stacked', stacked, history };
      const wait = last + STACKED_INTERVAL - performance.now();
      if (wait <= 0 || stacked.complete) flush();
      else timer ??= setTimeout(flush, wait);
    },
    failed: (message) => store.dispatch({ type: 'failed', message }),
    dispatch: store.dispatch,
    stop: () => clearTimeout(timer),
  };
}
