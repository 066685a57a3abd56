import { expect, it } from 'vitest';
import { EntryType } from '../../src/tar/member.ts';
import { modeText } from '../../src/tar/mode-text.ts';

it.each([
  [EntryType.file, 0o644, '-rw-r--r--'],
  [EntryType.file, 0o4755, '-rwsr-xr-x'],
  [EntryType.file, 0o6644, '-rwSr-Sr--'],
  [EntryType.directory, 0o1777, 'drwxrwxrwt'],
  [EntryType.directory, 0o1666, 'drw-rw-rwT'],
  [EntryType.hardlink, 0o000, 'h---------'],
])('writes type %i with mode %o as %s', (type, mode, text) => {
  expect(modeText(type, mode)).toBe(text);
});
