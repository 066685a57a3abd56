import { EntryType } from './member.ts';

/** The letter of a type in `ls -l`; `h` for a hard link, as in `tar -tv`. */
const TYPE_LETTERS: Readonly<Record<EntryType, string>> = {
  [EntryType.file]: '-',
  [EntryType.hardlink]: 'h',
  [EntryType.symlink]: 'l',
  [EntryType.directory]: 'd',
  [EntryType.character]: 'c',
  [EntryType.block]: 'b',
  [EntryType.fifo]: 'p',
};

/** Returns a type and a mode as `ls -l` prints them: `-rwsr-xr-x`. */
export function modeText(type: EntryType, mode: number): string {
  return TYPE_LETTERS[type] + permissionText(mode);
}

/** Returns permission bits with setuid, setgid and sticky as `ls -l` prints them: `rwsr-xr-x`. */
export function permissionText(mode: number): string {
  const letters = Array.from('rwxrwxrwx', (letter, at) => ((mode >> (8 - at)) & 1 ? letter : '-'));
  const special = (at: number, bit: number, letter: string): void => {
    if (mode & bit) letters[at] = letters[at] === 'x' ? letter : letter.toUpperCase();
  };
  special(2, 0o4000, 's');
  special(5, 0o2000, 's');
  special(8, 0o1000, 't');
  return letters.join('');
}

/** Returns permission bits with setuid, setgid and sticky as `chmod` reads them: four octal digits, `4755`. */
export function octalMode(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
