/**
 * Returns a Unix time as ISO 8601 in UTC: `2024-05-06T07:08:09Z`, with milliseconds only if they are not 0.
 * @param seconds since 1970; may be fractional or negative
 * @returns null if a Date cannot hold the time (more than about 270,000 years away, or not a number)
 */
export function isoTime(seconds: number): string | null {
  const date = new Date(Math.round(seconds * 1000));
  if (Number.isNaN(date.getTime())) return null;
  return date.toISOString().replace('.000Z', 'Z');
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.44 * DAY;
const YEAR = 365.25 * DAY;

/** Largest first; a unit is used for times of at least `from` seconds. */
const UNITS = [
  { name: 'year', seconds: YEAR, from: 2 * YEAR },
  { name: 'month', seconds: MONTH, from: 2 * MONTH },
  { name: 'day', seconds: DAY, from: DAY },
  { name: 'hour', seconds: HOUR, from: HOUR },
  { name: 'minute', seconds: MINUTE, from: MINUTE },
  { name: 'second', seconds: 1, from: 0 },
];

/**
 * Returns how long ago a time was, in one unit, rounded down: `3 days`, `1 hour`; `in 3 days` for a time
 * in the future. Months are used from two months on, years from two years on.
 * @param fromIso an ISO time
 * @returns '' if `fromIso` is not a time
 */
export function ageText(fromIso: string, now: Date): string {
  const elapsed = (now.getTime() - Date.parse(fromIso)) / 1000;
  if (Number.isNaN(elapsed)) return '';
  const length = Math.abs(elapsed);
  const unit = UNITS.find(({ from }) => length >= from)!;
  const count = Math.floor(length / unit.seconds);
  const text = `${count} ${unit.name}${count === 1 ? '' : 's'}`;
  return elapsed < 0 && count > 0 ? `in ${text}` : text;
}
