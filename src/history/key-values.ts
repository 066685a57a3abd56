/** A `NAME=value` pair of ENV or LABEL. */
export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** The pairs that an ENV or LABEL sets. */
export interface KeyValues {
  readonly pairs: readonly KeyValue[];
  /** False if it is a guess where a value ends: builders record values without quotes. */
  readonly certain: boolean;
}

/** Longer texts, in characters, are not parsed: the regular expressions would overflow the stack. */
const MAX_LENGTH = 512 * 1024;
const KEY = /^([A-Za-z0-9_.\-/]+)=/;
const BARE = /^[\w./:@%+,=~^?-]*$/;

/**
 * Parses `A=b c D=e`. A value ends where the value of that name in the config ends; if the config has
 * another value, it ends before the next word that looks like a name.
 * @param text the text after the keyword
 * @param final values in the config, by name
 */
export function keyValues(text: string, final: ReadonlyMap<string, string>): KeyValues {
  if (text.length > MAX_LENGTH) return { pairs: [], certain: false };
  const pairs: KeyValue[] = [];
  let certain = true;
  let rest = text.trim();
  while (rest !== '') {
    const key = KEY.exec(rest)?.[1];
    if (key === undefined) return { pairs: [...pairs, ...legacyForm(rest)], certain: false };
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

/** Returns where a value ends: before the next word that looks like `NAME=`, or at the end of the text. */
function nextKey(after: string): number {
  let end = 0;
  // Word by word, so that a long run of spaces takes linear time.
  for (const { 0: word, index } of after.matchAll(/\S+/g)) {
    if (index > 0 && KEY.test(word)) return end;
    end = index + word.length;
  }
  return after.length;
}

/** Parses `ENV NAME value`, the legacy form. */
function legacyForm(text: string): KeyValue[] {
  const [key, value] = [/^\S+/.exec(text)![0], text.replace(/^\S+\s*/, '')];
  return [{ key, value }];
}

function endsThere(after: string, length: number): boolean {
  return length === after.length || /^\s+[A-Za-z0-9_.\-/]+=/.test(after.slice(length));
}

/** Formats `NAME=value` for a Dockerfile, with quotes where needed. */
export function keyValueText({ key, value }: KeyValue): string {
  return `${BARE.test(key) ? key : doubleQuoted(key)}=${BARE.test(value) ? value : doubleQuoted(value)}`;
}

/** Quotes a value. Values are recorded after expansion, so a dollar sign is literal. */
function doubleQuoted(text: string): string {
  return `"${text.replaceAll(/["\\$]/g, '\\$&').replaceAll('\n', '\\\n')}"`;
}
