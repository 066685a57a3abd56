/**
 * The words of a list as Go prints it, with `%q` (`["node" "server.js"]`), with `%v` (`[/bin/bash -c]`),
 * or as JSON (`["sh", "-c"]`).
 * @returns the words, and whether their ends are certain; null where it is no list
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

/** `map[8080/tcp:{} 9090/udp:{}]`, as Go prints a set, or a list of ports; null where it is neither. */
export function goSet(text: string): string[] | null {
  const inner = /^(?:map)?\[(.*)\]$/s.exec(text.trim())?.[1];
  if (inner === undefined) return null;
  return inner
    .split(/\s+/)
    .map((word) => word.replace(/:\{\}$/, ''))
    .filter((word) => word !== '');
}

/** Strings in double quotes with spaces or commas between them; null where anything else is among them. */
function quotedWords(inner: string): string[] | null {
  // Sticky: a text of a million quotes is given up at the first that does not fit.
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

/** Go's escapes are those of JSON and a few more, which stay as they are. */
function unquote(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}
