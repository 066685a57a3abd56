/**
 * Parses a list printed by Go with `%q` (`["node" "server.js"]`) or `%v` (`[/bin/bash -c]`), or as JSON
 * (`["sh", "-c"]`).
 * @returns the words, and whether it is certain where they end; null if the text is not a list
 */
export function goList(
  text: string,
): { readonly words: readonly string[]; readonly certain: boolean } | null {
  const inner = /^\[(.*)\]$/s.exec(text.trim())?.[1];
  if (inner === undefined) return null;
  const quoted = quotedWords(inner);
  if (quoted !== null) return { words: quoted, certain: true };
  const words = inner.split(/\s+/).filter((word) => word !== '');
  return { words, certain: words.length <= 1 };
}

/** Parses a set printed by Go, `map[8080/tcp:{} 9090/udp:{}]`, or a list of ports; null if it is neither. */
export function goSet(text: string): string[] | null {
  const inner = /^(?:map)?\[(.*)\]$/s.exec(text.trim())?.[1];
  if (inner === undefined) return null;
  return inner
    .split(/\s+/)
    .map((word) => word.replace(/:\{\}$/, ''))
    .filter((word) => word !== '');
}

/** Parses double-quoted strings separated by spaces or commas; null if there is anything else. */
function quotedWords(inner: string): string[] | null {
  // Sticky patterns fail at the first mismatch, so hostile text takes linear time.
  const gap = /[\s,]*/y;
  const quoted = /"(?:[^"\\]|\\.)*"/sy;
  const words: string[] = [];
  for (let at = 0; ;) {
    gap.lastIndex = at;
    at += gap.exec(inner)![0].length;
    if (at === inner.length) return words.length > 0 ? words : null;
    quoted.lastIndex = at;
    const word = quoted.exec(inner)?.[0];
    if (word === undefined) return null;
    words.push(unquote(word));
    at += word.length;
  }
}

/** Removes quotes and escapes. Go has more escapes than JSON; text with one of those keeps all its escapes. */
function unquote(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}
