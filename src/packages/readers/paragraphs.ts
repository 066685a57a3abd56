/**
 * Takes a file of paragraphs apart, each with fields `Name: value` (Debian Policy 5.1; core metadata of
 * Python). Continued lines are left out: none of the fields that are wanted here has them.
 * @returns fields by name, one map a paragraph; the first field of a name counts
 */
export function* paragraphs(text: string): Generator<ReadonlyMap<string, string>> {
  let fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') {
      if (fields.size > 0) yield fields;
      fields = new Map();
      continue;
    }
    if (line[0] === ' ' || line[0] === '\t') continue;
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon);
    if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  if (fields.size > 0) yield fields;
}
