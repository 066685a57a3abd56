/** A JSON object of unknown shape. The functions below read single fields; a field of the wrong type is absent. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a field by its name, ignoring case if there is no exact match: jib and others write lower-case keys. */
export function field(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const lower = name.toLowerCase();
  for (const key of Object.keys(object)) if (key.toLowerCase() === lower) return object[key];
  return undefined;
}

export function stringField(object: JsonObject, name: string): string | null {
  const value = field(object, name);
  return typeof value === 'string' ? value : null;
}

export function numberField(object: JsonObject, name: string): number | null {
  const value = field(object, name);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function objectField(object: JsonObject, name: string): JsonObject | null {
  const value = field(object, name);
  return isObject(value) ? value : null;
}

/** Returns the strings of a list; a single string counts as a list of one. */
export function stringsField(object: JsonObject, name: string): string[] | null {
  const value = field(object, name);
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : null;
}

export function objectsField(object: JsonObject, name: string): JsonObject[] | null {
  const value = field(object, name);
  return Array.isArray(value) ? value.filter(isObject) : null;
}

/** Returns the entries of a map whose values are strings. */
export function stringMapField(object: JsonObject, name: string): Record<string, string> | null {
  const value = objectField(object, name);
  if (value === null) return null;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
