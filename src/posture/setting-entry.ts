import type { HistoryAlignment } from '../history/align.ts';

/**
 * The entry of the history that set a value of the config: the last one of its instruction.
 * @param keyword `USER`, `ENV`, ...
 * @param name what the instruction names, where it may set one of several: a variable, a volume, a port
 * @returns undefined where no entry says so, as in an image that was built without a Dockerfile
 */
export function settingEntry(history: HistoryAlignment, keyword: string, name?: string): number | undefined {
  const at = history.instructions.findLastIndex(
    (instruction) => instruction.keyword === keyword && (name === undefined || names(instruction.text, name)),
  );
  return at < 0 ? undefined : at;
}

/** Whether a name stands in an instruction as a word: `NAME=value`, `NAME value`, `[NAME]`, `map[NAME:{}]`. */
function names(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + name.length] ?? ' ';
    if (/[\s["']/.test(before) && /[\s=\]:"',]/.test(after)) return true;
  }
  return false;
}
