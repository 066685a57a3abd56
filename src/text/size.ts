const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/**
 * Returns a size with its unit, in decimal multiples: `301 B`, `1.7 kB`, `214 kB`, `5.4 MB`. From
 * kB up, a value below 10 has one decimal; all others have none. A size below 1000 EB thus has at most three
 * digits and six cells. All sizes that are not exact have this format.
 * @param bytes a number of bytes; the result is `?` if it is not finite
 */
export function humanSize(bytes: number): string {
  if (!Number.isFinite(bytes)) return '?';
  if (bytes < 0) return `-${humanSize(-bytes)}`;
  if (Math.round(bytes) < 1000) return `${Math.round(bytes)} B`;
  let value = bytes;
  let unit = 0;
  // 999.6 kB would round to four digits, so it is written as 1.0 MB.
  while (Math.round(value) >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = value < 9.95 ? value.toFixed(1) : value.toFixed(0);
  return `${digits} ${UNITS[unit]}`;
}

/** Returns a number with thousands separators and without a unit: `1,234,567`; `?` if it is not finite. */
export function exactSize(bytes: number): string {
  if (!Number.isFinite(bytes)) return '?';
  return String(Math.round(bytes)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/**
 * Parses a size that a person typed: `512`, `20MB`, `1.5 G`, `64KiB`. The prefixes `k`, `M`, `G` and `T`
 * (either case, `B` optional) are powers of 1000; `Ki`, `Mi`, `Gi` and `Ti` are powers of 1024.
 * @returns bytes, rounded; null if the text is not a size or is above 2^53
 */
export function parseSize(text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(?:([kmgt])(i?))?b?\s*$/i.exec(text);
  if (!match) return null;
  const [, number = '', prefix, binary] = match;
  const power = prefix === undefined ? 0 : 'kmgt'.indexOf(prefix.toLowerCase()) + 1;
  const bytes = Math.round(Number(number) * (binary ? 1024 : 1000) ** power);
  return Number.isSafeInteger(bytes) ? bytes : null;
}
