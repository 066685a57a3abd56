/** The dangerous characters of escape.ts except C0 and lone surrogates, which JSON.stringify escapes itself. */
const DANGEROUS =
  /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/**
 * Returns a value as JSON that is safe on a terminal: every dangerous code point is written as `\uXXXX`
 * (two of them above U+FFFF), so that parsing returns the same value.
 * @param value anything that JSON.stringify accepts; a value without JSON (undefined, a function) is `null`
 * @param indent spaces per level; 0 for a single line
 * @throws TypeError for a bigint or a cycle, as JSON.stringify does
 */
export function toJson(value: unknown, indent = 2): string {
  const json: string | undefined = JSON.stringify(value, null, indent);
  return json === undefined ? 'null' : escapeJson(json);
}

/** Escapes dangerous code points in JSON that another library has written. */
export function escapeJson(json: string): string {
  return json.replace(DANGEROUS, (char) =>
    char
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
