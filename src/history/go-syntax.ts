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
  const words: string[] = [];
  let at = 0;
  for (const match of inner.matchAll(/"((?:[^"\\]|\\.)*)"/gs)) {
    if (!/^[\s,]*$/.test(inner.slice(at, match.index))) return null;
    words.push(unquote(match[0]));
    at = match.index + match[0].length;
  }
  return /^[\s,]*$/.test(inner.slice(at)) && words.length > 0 ? words : null;
}

/** Go's escapes are those of JSON and a few more, which stay as they are. */
function unquote(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}
