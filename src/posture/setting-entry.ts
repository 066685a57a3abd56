import type { HistoryAlignment } from '../history/align.ts';

/**
 * Returns the history entry that set a value of the config: the last entry with the instruction.
 * @param keyword `USER`, `ENV`, ...
 * @param name the variable, volume or port, if the instruction can set several values
 * @returns undefined if there is no such entry, as in an image built without a Dockerfile
 */
export function settingEntry(history: HistoryAlignment, keyword: string, name?: string): number | undefined {
  const at = history.instructions.findLastIndex(
    (instruction) => instruction.keyword === keyword && (name === undefined || names(instruction.text, name)),
  );
  return at < 0 ? undefined : at;
}

/** Reports whether an instruction contains a name as a word: `NAME=value`, `NAME value`, `[NAME]`, `map[NAME:{}]`. */
function names(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + name.length] ?? ' ';
    if (/[\s["']/.test(before) && /[\s=\]:"',]/.test(after)) return true;
  }
  return false;
}
