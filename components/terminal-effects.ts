import type { Effect, Ports } from '../src/tui/effects.ts';
import { MOUSE_OFF, MOUSE_ON } from '../src/tui/mouse-sequences.ts';
import type { Store } from '../src/tui/store.ts';
import { BackgroundWork } from './background-work.ts';
import type { TerminalControls } from './use-terminal.ts';

/** The functions and values that the effects need. */
export interface TerminalOptions {
  readonly ports: Ports;
  readonly stdout: NodeJS.WriteStream;
  /**
   * Opens another image of the archive after this screen has closed.
   * @returns null, or why it cannot be opened
   */
  readonly switchTo?: (image: number) => string | null;
}

/** Performs the effects of the model. */
export class TerminalEffects {
  readonly #options: TerminalOptions;
  #controls: TerminalControls | null = null;
  #work: BackgroundWork | null = null;
  store!: Store;

  constructor(options: TerminalOptions) {
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
          // Timers do not advance while the process is stopped, so this ends after it resumes.
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
        void this.#report(ports.copy(effect.text, effect.what));
        return;
      case 'case':
        ports.changeCase(effect.change).then(
          ({ held, text }) => this.store.dispatch({ type: 'case', held, text }),
          (error: unknown) => void this.#report(Promise.reject(error)),
        );
        return;
      case 'export':
        void this.#report(ports.exportReport(effect.file));
        return;
      case 'keep-rules':
        void this.#report(ports.keepRules(effect.file, effect.findings));
        return;
      case 'ask-extract':
        this.store.dispatch({ ...effect, folder: ports.freeFolder(effect.folder) });
        return;
      case 'extract':
        void this.#report(ports.extract(effect.places, effect.folder));
        return;
      case 'preview':
        ports.preview(effect.request).then(
          (preview) => this.store.dispatch({ type: 'previewed', preview }),
          (error: unknown) => void this.#report(Promise.reject(error)),
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

  /** Releases the terminal while other work uses it. */
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
    // The window may have been resized in the meantime.
    this.store.dispatch({ type: 'resize', size: { columns: stdout.columns, rows: stdout.rows } });
    await this.#report(answer);
  }

  async #report(answer: Promise<string>): Promise<void> {
    try {
      const text = await answer;
      if (text !== '') this.store.dispatch({ type: 'told', message: { kind: 'info', text } });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.store.dispatch({ type: 'told', message: { kind: 'error', text } });
    }
  }
}
