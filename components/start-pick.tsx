import { render, useApp, useInput } from 'ink';
import { useEffect, useState } from 'react';
import { chooseTheme, colourLevel } from '../src/text/theme.ts';
import { keyNames } from '../src/tui/key-names.ts';
import type { Look, Size } from '../src/tui/model.ts';
import { pickedReference, type PickModel, updatePick } from '../src/tui/pick.ts';
import { PickScreen } from './PickScreen.tsx';

/** What came of the picker: an image's reference, the demonstration, or nothing. */
export type Picked =
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'demo' }
  | { readonly kind: 'left' };

export interface PickOptions {
  /** What the engines answered. */
  readonly pick: PickModel;
  /** For the age of images. */
  readonly now: Date;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

/** Offers the local images of the engines until the person takes one or leaves. */
export async function startPicker(options: PickOptions): Promise<Picked> {
  const { stdin, stdout, env } = options;
  const look: Look = {
    theme: chooseTheme(env),
    level: colourLevel(env, stdout.isTTY),
    unicode: false,
  };
  let picked: Picked = { kind: 'left' };
  const finish = (value: Picked): void => {
    picked = value;
  };
  const instance = render(<Picker options={options} look={look} finish={finish} />, {
    stdin,
    stdout,
    alternateScreen: true,
    interactive: true,
    exitOnCtrlC: false,
  });
  await instance.waitUntilExit();
  return picked;
}

function Picker({
  options,
  look,
  finish,
}: {
  readonly options: PickOptions;
  readonly look: Look;
  readonly finish: (picked: Picked) => void;
}) {
  const { stdout } = options;
  const { exit } = useApp();
  const [pick, setPick] = useState(options.pick);
  const [size, setSize] = useState<Size>({ columns: stdout.columns, rows: stdout.rows });
  useEffect(() => {
    const resized = (): void => setSize({ columns: stdout.columns, rows: stdout.rows });
    stdout.on('resize', resized);
    return () => void stdout.off('resize', resized);
  }, [stdout]);
  useInput((input, key) => {
    for (const name of keyNames(input, key)) {
      switch (name) {
        case 'enter': {
          const reference = pickedReference(pick);
          finish(reference === null ? { kind: 'demo' } : { kind: 'image', reference });
          exit();
          return;
        }
        case 'ctrl-c':
          exit();
          return;
        case 'esc':
          if (pick.query === '') exit();
          else setPick((before) => updatePick(before, { type: 'search', query: '' }));
          return;
        default:
          setPick((before) => typed(before, name));
      }
    }
  });
  return <PickScreen pick={pick} size={size} look={look} now={options.now} />;
}

function typed(pick: PickModel, key: string): PickModel {
  const moves: Readonly<Record<string, number>> = { up: -1, down: 1, pageup: -10, pagedown: 10 };
  const by = moves[key];
  if (by !== undefined) return updatePick(pick, { type: 'move', by });
  if (key === 'home' || key === 'end')
    return updatePick(pick, { type: 'go', to: key === 'home' ? 'first' : 'last' });
  if (key === 'backspace') return updatePick(pick, { type: 'search', query: pick.query.slice(0, -1) });
  const letter = key === 'space' ? ' ' : key;
  if (letter.length > 2) return pick;
  return updatePick(pick, { type: 'search', query: pick.query + letter });
}
