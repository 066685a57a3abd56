const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/**
 * A size for the screen, in decimal multiples: `301 B`, `1.7 k`, `214 k`, `5.4 M`. One decimal below
 * 10 of a unit, none above, so never more than three digits (up to the exabytes).
 * @param bytes a count of bytes; `?` is returned for what is not a finite number
 */
export function humanSize(bytes: number): string {
  if (!Number.isFinite(bytes)) return '?';
  if (bytes < 0) return `-${humanSize(-bytes)}`;
  if (Math.round(bytes) < 1000) return `${Math.round(bytes)} B`;
  let value = bytes;
  let unit = 0;
  // 999.6 k would round to four digits, so it is already 1.0 M.
  while (Math.round(value) >= 1000 && unit < PREFIXES.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = value < 9.95 ? value.toFixed(1) : value.toFixed(0);
  return `${digits} ${PREFIXES[unit]}`;
}

/** A count in full, grouped by thousands: `1,234,567`. */
export function exactSize(bytes: number): string {
  if (!Number.isFinite(bytes)) return '?';
  return String(Math.round(bytes)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/**
 * Reads a size that a person typed: `512`, `20MB`, `1.5 G`, `64KiB`. `k`, `M`, `G`, `T` (either case,
 * `B` optional) count in thousands, `Ki`, `Mi`, `Gi`, `Ti` in 1024s.
 * @returns bytes, rounded; null where it is not a size or beyond 2^53
 */
export function parseSize(text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(?:([kmgt])(i?))?b?\s*$/i.exec(text);
  if (!match) return null;
  const [, number = '', prefix, binary] = match;
  const power = prefix === undefined ? 0 : 'kmgt'.indexOf(prefix.toLowerCase()) + 1;
  const bytes = Math.round(Number(number) * (binary ? 1024 : 1000) ** power);
  return Number.isSafeInteger(bytes) ? bytes : null;
}
