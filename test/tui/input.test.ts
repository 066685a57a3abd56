import { describe, expect, it } from 'vitest';
import { keyLabel, keyNames, keyText, type PressedKey } from '../../src/tui/key-names.ts';
import { edited, EMPTY_LINE, lineText, typed } from '../../src/tui/line-edit.ts';
import { splitInput } from '../../src/tui/mouse-sequences.ts';

const NOTHING: PressedKey = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
};

describe('keys', () => {
  it('splits fast typing into single keys', () => {
    expect(keyNames('jjj', NOTHING)).toEqual(['j', 'j', 'j']);
    expect(keyNames('5\r\t', NOTHING)).toEqual(['5', 'enter', 'tab']);
  });

  it('have names', () => {
    expect(keyNames('', { ...NOTHING, pageDown: true })).toEqual(['pagedown']);
    expect(keyNames('p', { ...NOTHING, ctrl: true })).toEqual(['ctrl-p']);
    expect(keyNames('', { ...NOTHING, tab: true, shift: true })).toEqual(['shift-tab']);
    expect(keyNames('x', { ...NOTHING, meta: true })).toEqual(['alt-x']);
    expect(keyNames(' ', NOTHING)).toEqual(['space']);
  });

  it('have one whole character as text, or no text', () => {
    expect(keyText('space')).toBe(' ');
    expect(keyText('\u{1f469}\u200d\u{1f4bb}')).toBe('\u{1f469}\u200d\u{1f4bb}');
    expect(keyText('enter')).toBeNull();
  });

  it('have short labels', () => {
    expect(['ctrl-p', 'pagedown', 'enter'].map(keyLabel)).toEqual(['^p', 'PgDn', 'enter']);
  });
});

describe('a line that is being typed', () => {
  it('inserts text at the cursor and joins pasted lines', () => {
    const line = edited(typed(EMPTY_LINE, 'ab'), 'left');
    expect(typed(line, 'x\ny')).toEqual({ before: 'ax y', after: 'b' });
  });

  it('deletes letters and words', () => {
    const line = typed(EMPTY_LINE, '/etc/pass wd');
    expect(lineText(edited(line, 'backspace'))).toBe('/etc/pass w');
    expect(lineText(edited(line, 'delete-word'))).toBe('/etc/pass ');
    expect(lineText(edited(line, 'delete-line'))).toBe('');
    expect(edited(line, 'home')).toEqual({ before: '', after: '/etc/pass wd' });
  });
});

describe('terminal input', () => {
  it('is split into keys and mouse events', () => {
    expect(splitInput('j\x1b[<0;10;5M\x1b[<0;10;5mk')).toEqual({
      keys: 'jk',
      mouse: [
        { type: 'mouse', kind: 'press', x: 9, y: 4 },
        { type: 'mouse', kind: 'release', x: 9, y: 4 },
      ],
      background: null,
      rest: '',
    });
  });

  it('reads the wheel and drags, and ignores other buttons', () => {
    const kinds = (text: string) => splitInput(text).mouse.map(({ kind }) => kind);
    expect(kinds('\x1b[<64;1;1M\x1b[<65;1;1M\x1b[<32;4;4M')).toEqual(['wheel-up', 'wheel-down', 'drag']);
    expect(kinds('\x1b[<2;1;1M')).toEqual([]);
  });

  it('waits for the end of a report but not of a key', () => {
    expect(splitInput('\x1b[<0;10')).toMatchObject({ keys: '', rest: '\x1b[<0;10' });
    expect(splitInput('\x1b[A')).toMatchObject({ keys: '\x1b[A', rest: '' });
    expect(splitInput('\x1b')).toMatchObject({ keys: '\x1b', rest: '' });
    const answer = '\x1b]11;rgb:1e/1e/2e\x1b\\';
    for (let cut = 2; cut < answer.length; cut++) {
      const first = splitInput(`j${answer.slice(0, cut)}`);
      expect(first).toMatchObject({ keys: 'j', rest: answer.slice(0, cut) });
      expect(splitInput(first.rest + answer.slice(cut))).toMatchObject({
        keys: '',
        background: [30, 30, 46],
      });
    }
  });

  it('detects the background', () => {
    expect(splitInput('\x1b]11;rgb:ffff/ffff/0000\x1b\\q')).toMatchObject({
      keys: 'q',
      background: [255, 255, 0],
    });
    expect(splitInput('\x1b]11;rgb:1e/1e/2e\x07')).toMatchObject({ background: [30, 30, 46] });
  });
});
