import { render, useApp, useInput } from 'ink';
import { useEffect, useSyncExternalStore } from 'react';
import { chooseTheme, colourLevel } from '../src/text/theme.ts';
import { keyNames } from '../src/tui/key-names.ts';
import type { Look, Size } from '../src/tui/model.ts';
import { MOUSE_OFF, MOUSE_ON } from '../src/tui/mouse-sequences.ts';
import { pickKey, pickMouse, type PickStep } from '../src/tui/pick-input.ts';
import { pickedReference, type PickModel, updatePick } from '../src/tui/pick.ts';
import { PickScreen } from './PickScreen.tsx';
import { TerminalStdin } from './terminal-stdin.ts';

/** The result of the picker: an image's reference, the demonstration image, or nothing. */
export type Picked =
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'demo' }
  | { readonly kind: 'left' };

export interface PickOptions {
  /** What the engines answered. */
  readonly pick: PickModel;
  /** The current time, from which the age of images is computed. */
  readonly now: Date;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  readonly mouse: boolean;
}

/** Shows the local images of the engines until the user selects one or quits. */
export async function startPicker(options: PickOptions): Promise<Picked> {
  const { stdin, stdout, env, mouse } = options;
  const look: Look = {
    theme: chooseTheme(env),
    level: colourLevel(env, stdout.isTTY),
    unicode: false,
  };
  const choosing = new Choosing(options);
  const input = new TerminalStdin(stdin, (said) => {
    for (const event of said.mouse) {
      if (!choosing.take((pick) => pickMouse(pick, event))) return;
    }
  });
  const restoreMouse = (): void => {
    if (mouse) stdout.write(MOUSE_OFF);
  };
  input.clearLine(stdout);
  const drawn = <Picker choosing={choosing} look={look} now={options.now} onClose={restoreMouse} />;
  const instance = render(drawn, {
    stdin: input as unknown as NodeJS.ReadStream,
    stdout,
    alternateScreen: true,
    interactive: true,
    exitOnCtrlC: false,
  });
  // Must run before Ink's own listener: see startApp.
  const resized = (): void => {
    choosing.resized();
    instance.rerender(drawn);
  };
  stdout.prependListener('resize', resized);
  try {
    if (mouse) stdout.write(MOUSE_ON);
    await instance.waitUntilExit();
  } finally {
    stdout.off('resize', resized);
    input.release();
  }
  return choosing.picked;
}

/** The current state of the picker. */
interface Shown {
  readonly pick: PickModel;
  readonly size: Size;
}

/** Holds the state of the picker. */
class Choosing {
  readonly #stdout: NodeJS.WriteStream;
  readonly #listeners = new Set<() => void>();
  #shown: Shown;
  picked: Picked = { kind: 'left' };
  #end = (): void => {};

  constructor({ pick, stdout }: PickOptions) {
    this.#stdout = stdout;
    this.#shown = { pick, size: { columns: 0, rows: 0 } };
    this.resized();
  }

  readonly resized = (): void => {
    const { columns, rows } = this.#stdout;
    const pick = updatePick(this.#shown.pick, { type: 'resize', height: rows });
    this.#show({ pick, size: { columns, rows } });
  };

  readonly shown = (): Shown => this.#shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Sets the function that closes the picker. */
  endsBy(end: () => void): void {
    this.#end = end;
  }

  /**
   * Handles one input event.
   * @returns false after the user has selected an image or quit; later events are ignored
   */
  take(does: (pick: PickModel) => PickStep): boolean {
    const { pick, wants } = does(this.#shown.pick);
    this.#show({ ...this.#shown, pick });
    if (wants === null) return true;
    const reference = pickedReference(pick);
    if (wants === 'open') this.picked = reference === null ? { kind: 'demo' } : { kind: 'image', reference };
    this.#end();
    return false;
  }

  #show(shown: Shown): void {
    this.#shown = shown;
    for (const listener of this.#listeners) listener();
  }
}

function Picker({
  choosing,
  look,
  now,
  onClose,
}: {
  readonly choosing: Choosing;
  readonly look: Look;
  readonly now: Date;
  /** Called when the screen closes for any reason, including a signal. */
  readonly onClose: () => void;
}) {
  const { exit } = useApp();
  const { pick, size } = useSyncExternalStore(choosing.subscribe, choosing.shown);
  useEffect(() => choosing.endsBy(exit), [choosing, exit]);
  useEffect(() => onClose, [onClose]);
  useInput((input, key) => {
    for (const name of keyNames(input, key)) {
      if (!choosing.take((before) => pickKey(before, name))) return;
    }
  });
  return <PickScreen pick={pick} size={size} look={look} now={now} />;
}
