import { describe, expect, it } from 'vitest';
import type { LocalImage } from '../../src/image/engines/image-lists.ts';
import { pickKey, pickMouse, type PickStep } from '../../src/tui/pick-input.ts';
import { pickedReference, type PickModel, pickRowAt, startPick, updatePick } from '../../src/tui/pick.ts';

const engine = { kind: 'docker', cli: 'docker' } as LocalImage['engine'];

/** A picker of `app00`, `app01` … on a screen of so many rows; the list begins in its fourth. */
function picker(count: number, height = 24): PickModel {
  const images = Array.from({ length: count }, (_, i): LocalImage => {
    const name = `app${String(i).padStart(2, '0')}`;
    const id = `sha256:${String(i).padStart(64, '0')}`;
    return { reference: name, engine, id, name, tag: '1', size: 1, created: null, platforms: [] };
  });
  const answered = updatePick(startPick(), { type: 'answered', answer: { engine, images } });
  return updatePick(answered, { type: 'resize', height });
}

const keys = (pick: PickModel, ...names: string[]): PickModel =>
  names.reduce((at, name) => pickKey(at, name).pick, pick);

const mouse = (pick: PickModel, kind: 'press' | 'release' | 'wheel-up' | 'wheel-down', y = 0): PickStep =>
  pickMouse(pick, { type: 'mouse', kind, x: 10, y });

describe('the mouse in the picker', () => {
  it('selects a row with a press and opens the selected one', () => {
    const { pick, wants } = mouse(picker(3), 'press', 5);
    expect([pickedReference(pick), wants]).toEqual(['app02', null]);
    expect(mouse(mouse(pick, 'release', 5).pick, 'press', 5)).toEqual({ pick, wants: 'open' });
    expect(mouse(pick, 'press', 4).wants).toBeNull();
  });

  it('ignores a press outside the list', () => {
    const pick = picker(3);
    for (const y of [0, 1, 2, 7, 23]) expect(mouse(pick, 'press', y)).toEqual({ pick, wants: null });
    // The demonstration is the last row of the list.
    expect(pickedReference(mouse(pick, 'press', 6).pick)).toBeNull();
  });

  it('moves three rows with each turn of the wheel, to the ends at most', () => {
    const down = mouse(picker(9), 'wheel-down').pick;
    expect(pickedReference(down)).toBe('app03');
    expect(pickedReference(mouse(mouse(down, 'wheel-up').pick, 'wheel-up').pick)).toBe('app00');
  });

  it('finds the row under the pointer in a scrolled list', () => {
    // Five rows of the list are in sight.
    const scrolled = keys(picker(30, 10), ...Array.from({ length: 9 }, () => 'down'));
    expect(pickRowAt(scrolled, 3)).toBe(5);
    const { pick } = mouse(scrolled, 'press', 4);
    expect(pickedReference(pick)).toBe('app06');
    expect(mouse(pick, 'press', 4).wants).toBe('open');
  });
});

describe('the list of the picker', () => {
  it('keeps the selected row visible when the screen shrinks', () => {
    const end = keys(picker(30, 24), 'end');
    expect(end.top).toBe(31 - 19);
    expect(updatePick(end, { type: 'resize', height: 10 }).top).toBe(31 - 5);
    expect(updatePick(end, { type: 'resize', height: 40 }).top).toBe(0);
  });

  it('scrolls to the top for each search', () => {
    const found = keys(picker(30, 10), 'end', 'a', 'p', 'p', '2', '9');
    expect([pickedReference(found), found.top]).toEqual(['app29', 0]);
  });
});

describe('keys in the picker', () => {
  it('extend the query; Esc clears it, then quits', () => {
    const typed = keys(picker(3), 'x', 'space', 'y', 'backspace');
    expect(typed.query).toBe('x ');
    const { pick, wants } = pickKey(typed, 'esc');
    expect([pick.query, wants]).toEqual(['', null]);
    expect(pickKey(pick, 'esc').wants).toBe('leave');
  });

  it('ignore other keys', () => {
    expect(keys(picker(3), 'tab', 'ctrl-a', 'f1', 'left').query).toBe('');
  });
});
