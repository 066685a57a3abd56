import { describe, expect, it } from 'vitest';
import { COMMANDS, type CommandName } from '../../src/tui/commands.ts';
import { commandFor, KEYMAP } from '../../src/tui/keymap.ts';
import { VIEW_HANDLERS } from '../../src/tui/view-handlers.ts';

describe('the keymap', () => {
  it('binds a key once per context', () => {
    const seen = KEYMAP.flatMap(({ context, keys }) => keys.map((key) => `${context} ${key}`));
    expect(seen.filter((each, i) => seen.indexOf(each) !== i)).toEqual([]);
  });

  it('binds only commands that have a handler', () => {
    const handled = new Set(
      Object.values(VIEW_HANDLERS).flatMap((handlers) => Object.keys(handlers) as CommandName[]),
    );
    const idle = KEYMAP.filter(
      ({ context, command }) => /^(pane|view|global)/.test(context) && !handled.has(command),
    );
    expect(idle.map(({ command }) => command)).toEqual([]);
  });

  it('has a help text for each command that fits a small screen', () => {
    const long = Object.values(COMMANDS).filter(({ help }) => help.length > 54 || help === '');
    expect(long.map(({ help }) => help)).toEqual([]);
  });

  it('asks the innermost context first', () => {
    expect(commandFor('enter', ['pane:tree', 'view:layers', 'global'])).toBe('open');
    expect(commandFor('q', ['pane:tree', 'view:layers', 'global'])).toBe('quit');
    expect(commandFor('q', ['help'])).toBe('back');
    expect(commandFor('q', ['jump', 'line'])).toBeNull();
  });

  it('binds the digits to the views everywhere', () => {
    for (const digit of ['1', '2', '3', '4', '5', '6']) {
      expect(commandFor(digit, ['pane:tree', 'view:layers', 'global'])).toBe(`view-${digit}`);
    }
  });
});
