/** `NAME=value` of an ENV or a LABEL. */
export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** What an ENV or a LABEL sets. */
export interface KeyValues {
  readonly pairs: readonly KeyValue[];
  /** False where it had to be guessed where a value ends: builders write values without quotes. */
  readonly certain: boolean;
}

/** Characters of a longer text are not taken apart: a pattern would need as deep a stack. */
const LONGEST = 512 * 1024;
const KEY = /^([A-Za-z0-9_.\-/]+)=/;
const BARE = /^[\w./:@%+,=~^?-]*$/;

/**
 * Takes `A=b c D=e` apart. What the finished image has for a name tells where its value ends; else a
 * value goes on to what looks like the next name.
 * @param text what follows the keyword
 * @param final values by name as the config has them
 */
export function keyValues(text: string, final: ReadonlyMap<string, string>): KeyValues {
  if (text.length > LONGEST) return { pairs: [], certain: false };
  const pairs: KeyValue[] = [];
  let certain = true;
  let rest = text.trim();
  while (rest !== '') {
    const key = KEY.exec(rest)?.[1];
    if (key === undefined) return { pairs: [...pairs, ...oldForm(rest)], certain: false };
    const after = rest.slice(key.length + 1);
    const known = final.get(key);
    if (known !== undefined && after.startsWith(known) && endsThere(after, known.length)) {
      pairs.push({ key, value: known });
      rest = after.slice(known.length).trimStart();
      continue;
    }
    const quoted = /^"((?:[^"\\]|\\.)*)"(?=\s|$)/s.exec(after);
    const length = quoted?.[0].length ?? nextKey(after);
    const value = quoted === null ? after.slice(0, length) : quoted[1]!.replaceAll(/\\(.)/gs, '$1');
    if (quoted === null && /\s/.test(after)) certain = false;
    pairs.push({ key, value });
    rest = after.slice(length).trimStart();
  }
  return { pairs, certain };
}

/** Where a value ends: before the next word that looks like a name, or at the end. */
function nextKey(after: string): number {
  let end = 0;
  // Word by word, so that a long run of spaces is passed over once.
  for (const { 0: word, index } of after.matchAll(/\S+/g)) {
    if (index > 0 && KEY.test(word)) return end;
    end = index + word.length;
  }
  return after.length;
}

/** `ENV NAME value`, the form of old. */
function oldForm(text: string): KeyValue[] {
  const [key, value] = [/^\S+/.exec(text)![0], text.replace(/^\S+\s*/, '')];
  return [{ key, value }];
}

function endsThere(after: string, length: number): boolean {
  return length === after.length || /^\s+[A-Za-z0-9_.\-/]+=/.test(after.slice(length));
}

/** `NAME=value` as a Dockerfile takes it, quoted where it has to be. */
export function keyValueText({ key, value }: KeyValue): string {
  return `${BARE.test(key) ? key : doubleQuoted(key)}=${BARE.test(value) ? value : doubleQuoted(value)}`;
}

/** Values are recorded after expansion, so a dollar sign in one is meant as it is. */
function doubleQuoted(text: string): string {
  return `"${text.replaceAll(/["\\$]/g, '\\$&').replaceAll('\n', '\\\n')}"`;
}
