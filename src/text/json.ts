/** What escape.ts calls dangerous, save C0 and lone surrogates: JSON.stringify escapes those itself. */
const DANGEROUS =
  /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/**
 * JSON whose text is safe on a terminal: no dangerous code point stands in it raw, each is written as
 * `\uXXXX` (a pair of them above U+FFFF), so that parsing gives the same value.
 * @param value anything JSON.stringify takes; what has no JSON (undefined, a function) gives `null`
 * @param indent spaces a level; 0 gives one line
 * @throws TypeError for a bigint or a cycle, as JSON.stringify
 */
export function toJson(value: unknown, indent = 2): string {
  const json: string | undefined = JSON.stringify(value, null, indent);
  return json === undefined ? 'null' : escapeJson(json);
}

/** The same for JSON that another library has written. */
export function escapeJson(json: string): string {
  return json.replace(DANGEROUS, (char) =>
    char
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
