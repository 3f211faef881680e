/**
 * Numbers into words. Only this file makes a string out of a time, a share or a count.
 *
 * Times come in microseconds. A column has one scale, chosen for its largest value, so that rows compare by eye;
 * what would round to nothing is shown as `<0.1`, for "almost none" and "none" are different answers.
 */

import { grouped, plural } from './text.ts';

/** How the times of one column are written. */
export interface TimeScale {
  readonly unit: 's' | 'ms' | 'µs';
  /** microseconds in one unit */
  readonly size: number;
  readonly decimals: number;
}

const UNITS = [
  { unit: 's', size: 1e6 },
  { unit: 'ms', size: 1e3 },
  { unit: 'µs', size: 1 },
] as const;

/** What stands behind a time that is written by itself. */
export const TIME_UNITS: readonly string[] = UNITS.map(({ unit }) => unit);

/** The largest unit of which the largest value holds this many: 9,876.5 ms tells more than 9.9 s. */
const FROM = 10;

/** Digits that the largest value of a column should show, where one decimal would be fewer. */
const DIGITS = 4;

/** The scale for a column, by its largest value. */
export function timeScale(values: Iterable<number | null>): TimeScale {
  const largest = largestOf(values);
  return scaleIn(UNITS.find((candidate) => largest >= FROM * candidate.size) ?? UNITS[2], largest);
}

/** Scales for two columns that stand side by side: one unit for both, unless it would make the first too small. */
export function pairedTimeScales(
  first: Iterable<number | null>,
  second: Iterable<number | null>,
): readonly [TimeScale, TimeScale] {
  const largest = largestOf(first);
  const shared = timeScale([largestOf(second) || largest]);
  return [largest * FROM >= shared.size ? scaleIn(shared, largest) : timeScale([largest]), shared];
}

function largestOf(values: Iterable<number | null>): number {
  let largest = 0;
  for (const value of values)
    if (value !== null && Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest;
}

function scaleIn({ unit, size }: Pick<TimeScale, 'unit' | 'size'>, largest: number): TimeScale {
  const wholeDigits = Math.max(1, Math.floor(Math.log10(largest / size)) + 1);
  const decimals = DIGITS - wholeDigits;
  // V8 counts whole microseconds: a tenth of one is as fine as it gets.
  return { unit, size, decimals: size === 1 ? Math.min(1, Math.max(0, decimals)) : Math.max(1, decimals) };
}

const WRITTEN_UNITS: ReadonlyMap<string, number> = new Map([
  ['us', 1],
  ['µs', 1],
  ['μs', 1],
  ['ms', 1e3],
  ['s', 1e6],
  ['m', 60e6],
  ['min', 60e6],
]);

/** µs of a time written with its unit, as `1.2s` or `300ms`; null for anything else. */
export function microseconds(text: string): number | null {
  const [, digits, unit = ''] = /^(\d+(?:\.\d*)?|\.\d+)\s*([a-z\u00b5\u03bc]+)$/.exec(text) ?? [];
  const size = WRITTEN_UNITS.get(unit);
  if (digits === undefined || size === undefined) return null;
  // 6.003 ms are 6003 µs, though 6.003 times a thousand is a little more in doubles.
  return Math.round(Number(digits) * size * 1000) / 1000;
}

/** A time with its sign on its column's scale: `+1.2`, `-0.3`, `0`. */
export function signedTime(time: number | null, scale: TimeScale): string {
  return time === null ? '?' : signed(time, scaledTime(time, scale));
}

/**
 * By how much `after` is larger than `before`, as the difference of the two as they are written: `14.24`, `11.23` and
 * `-3.01` add up on the screen, too.
 */
export function writtenDifference(before: number, after: number, scale: TimeScale): string {
  const written = (time: number) => Number((time / scale.size).toFixed(scale.decimals));
  const difference = Number((written(after) - written(before)).toFixed(scale.decimals));
  if (difference === 0) return signedTime(after - before, scale);
  return signed(difference, decimal(difference, scale.decimals));
}

/** By how many percent of `whole` it changed, with the sign. */
export function signedPercent(change: number | null, whole: number | null): string {
  return change === null ? '?' : signed(change, percent(change, whole));
}

/** A count with its sign. */
export function signedCount(change: number | bigint | null): string {
  return change === null ? '?' : signed(change, count(change));
}

function signed(value: number | bigint, text: string): string {
  return value > 0 && text !== '?' ? `+${text}` : text;
}

/** A p as one reads it: two digits that count. */
export function probability(p: number | null): string {
  if (p === null) return '';
  return p < 0.001 ? '<0.001' : p >= 0.1 ? p.toFixed(2) : p.toFixed(3);
}

/** A time on its column's scale: `1,234.5`, `<0.1`, `0`, or `?` when it is not known. */
export function scaledTime(microseconds: number | null, scale: TimeScale): string {
  return microseconds === null ? '?' : decimal(microseconds / scale.size, scale.decimals);
}

/** A time by itself, with its unit: `14.3 s`, `823.0 ms`, `60 µs`. */
export function duration(microseconds: number | null): string {
  if (microseconds === null || Number.isNaN(microseconds)) return 'unknown time';
  const { unit, size } = UNITS.find((candidate) => Math.abs(microseconds) >= candidate.size) ?? UNITS[2];
  return `${decimal(microseconds / size, size === 1 ? 0 : digitsFor(microseconds / size))} ${unit}`;
}

/** The time of one call, which may be less than a microsecond: `114 ns`. */
export function callDuration(time: number): string {
  return time > 0 && time < 1 ? `${decimal(time * 1000, 0)} ns` : duration(time);
}

/** Part of a whole in percent: `12.3`, `<0.1`, `0`; `?` when either is not known, or the whole is nothing. */
export function percent(part: number | null, whole: number | null): string {
  if (part === null || whole === null || !(Math.abs(whole) > 0)) return '?';
  return decimal((100 * part) / whole, 1);
}

/** Percent without decimals, and 100 only for all of it: `43`. */
export function wholePercent(part: number, whole: number): string {
  return String(Math.floor((100 * part) / whole));
}

const BYTE_UNITS = [
  { unit: 'GB', size: 1e9 },
  { unit: 'MB', size: 1e6 },
  { unit: 'kB', size: 1e3 },
] as const;

/** A size by itself, with its unit: `1.2 GB`, `84.2 kB`, `300 bytes`. */
export function bytes(size: number): string {
  const scale = BYTE_UNITS.find((candidate) => size >= candidate.size);
  return scale === undefined ? plural(size, 'byte') : `${decimal(size / scale.size, 1)} ${scale.unit}`;
}

/** A number of more digits than this is read by nobody. */
const MOST_DIGITS = 30;

/** A count with thousands separators, `?` when not known. */
export function count(value: number | bigint | null): string {
  if (value === null) return '?';
  const digits = String(value);
  return digits.length <= MOST_DIGITS ? grouped(digits) : `${digits[0]}.${digits.slice(1, 4)}e+${digits.length - 1}`;
}

/** A fixed number of decimals, `<0.1` for what would round to nothing, plain `0` for nothing. */
function decimal(value: number, decimals: number): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '?' : value > 0 ? 'infinite' : '-infinite';
  if (Math.abs(value) >= 1e15) return value.toExponential(3);
  const smallest = 10 ** -decimals;
  if (Math.abs(value) < smallest / 2)
    return value > 0 ? `<${smallest.toFixed(decimals)}` : `>-${smallest.toFixed(decimals)}`;
  return grouped(value.toFixed(decimals));
}

function digitsFor(value: number): number {
  return Math.abs(value) < 10 ? 2 : 1;
}
