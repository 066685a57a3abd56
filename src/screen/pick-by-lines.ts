import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { Problem } from '../problem.ts';
import { saidOf } from '../tui/columns/column.ts';
import { pickColumns } from '../tui/columns/pick-columns.ts';
import {
  DEMO_NAME,
  type PickModel,
  pickProblems,
  type PickRow,
  pickedReference,
  updatePick,
} from '../tui/pick.ts';

/** The selected image's reference, `demo`, or null if the user quit. */
export type PickedByLines = { readonly reference: string } | 'demo' | null;

export interface PickTalk {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly signal: AbortSignal;
  /** The current time, from which the age of images is computed. */
  readonly now: Date;
}

const QUESTION = 'Type a number to open, text to search, Enter alone to quit: ';

/**
 * Lists the local images as numbered lines, for screen readers: no line is drawn over another.
 * @throws Problem `cancelled` when the signal fires
 */
export async function pickByLines(pick: PickModel, talk: PickTalk): Promise<PickedByLines> {
  const { stdin, stdout, signal } = talk;
  // The terminal edits and echoes the line: readline would redraw it without the question.
  const asking = createInterface({ input: stdin, terminal: false });
  const lines = asking[Symbol.asyncIterator]();
  const stop = (): void => asking.close();
  signal.addEventListener('abort', stop);
  const say = (text: string): void => void stdout.write(`${text}\n`);
  try {
    let model = pick;
    for (const problem of pickProblems(model)) say(problem);
    for (let list = true; ;) {
      if (list) model.rows.forEach((row, i) => say(`${i + 1}. ${rowText(row, talk.now)}`));
      stdout.write(QUESTION);
      const { done, value } = await lines.next();
      if (signal.aborted) throw new Problem('cancelled', 'cancelled');
      const answer = done === true ? '' : value.trim();
      if (answer === '') return null;
      const row = /^\d+$/.test(answer) ? Number(answer) - 1 : null;
      if (row !== null && model.rows[row] !== undefined) {
        const reference = pickedReference({ ...model, cursor: row });
        return reference === null ? 'demo' : { reference };
      }
      list = row === null;
      if (list) model = updatePick(model, { type: 'search', query: answer });
      else say(`No number ${answer}; the last one is ${model.rows.length}.`);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    asking.close();
  }
}

function rowText(row: PickRow, now: Date): string {
  return row.kind === 'demo' ? DEMO_NAME : saidOf(pickColumns(now), row.image);
}
