/**
 * Formats times, shares and counts. No other file does.
 *
 * Times are in microseconds. A column has one scale, chosen for its largest value, so that rows can be compared by eye.
 * A value that rounds to zero is `<0.1`, because almost nothing differs from nothing.
 */

import { groupDigits, pluralize } from './text.ts';

/** The format of one column's times. */
export interface TimeScale {
  readonly unit: string;
  /** microseconds in one unit, or bytes of a profile of bytes */
  readonly size: number;
  readonly decimals: number;
}

const UNITS = [
  { unit: 's', size: 1e6 },
  { unit: 'ms', size: 1e3 },
  { unit: 'µs', size: 1 },
] as const;

/** The units of durations. */
export const TIME_UNITS: readonly string[] = UNITS.map(({ unit }) => unit);

/** A column uses the largest unit of which its largest value has at least this many: 9,876.5 ms is more precise than 9.9 s. */
const MIN_UNITS = 10;

/** Larger values have more than six digits with their decimal. */
const MAX_UNITS = 99_999.95;

/** All columns have as many, so that numbers are easy to compare; V8 writes whole microseconds, which have none. */
const DECIMALS = 1;

/** Returns the scale for a column. */
export function timeScale(values: Iterable<number | null>): TimeScale {
  return scaleFor(extentOf(values));
}

/** Returns scales for two adjacent columns: one unit for both, unless the first column's values are too small for it. */
export function timeScalePair(
  first: Iterable<number | null>,
  second: Iterable<number | null>,
): readonly [TimeScale, TimeScale] {
  const [left, right] = [extentOf(first), extentOf(second)];
  const isWhole = left.isWhole && right.isWhole;
  const shared = scaleFor({ largest: right.largest || left.largest, isWhole });
  const isTooSmall = left.largest * MIN_UNITS < shared.size;
  return [isTooSmall ? scaleFor({ ...left, isWhole }) : shared, shared];
}

/**
 * Returns the scale for values of which a few are much larger than most: the unit that suits the median, or a larger one
 * if the largest value would have more than six digits.
 */
export function medianScale(values: readonly number[]): TimeScale {
  const median = values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
  const { largest } = extentOf(values);
  const scale = scaleFor({ largest: median, isWhole: false });
  if (largest / scale.size <= MAX_UNITS) return scale;
  const { unit, size } = UNITS.findLast((candidate) => largest / candidate.size <= MAX_UNITS) ?? UNITS[0];
  return { unit, size, decimals: DECIMALS };
}

interface Extent {
  readonly largest: number;
  /** Whether all values are whole microseconds. */
  readonly isWhole: boolean;
}

function extentOf(values: Iterable<number | null>): Extent {
  let largest = 0;
  let isWhole = true;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    largest = Math.max(largest, Math.abs(value));
    isWhole &&= Number.isInteger(value);
  }
  return { largest, isWhole };
}

function scaleFor({ largest, isWhole }: Extent): TimeScale {
  const { unit, size } = UNITS.find((candidate) => largest >= MIN_UNITS * candidate.size) ?? UNITS[2];
  const hasNone = (size === 1 && isWhole) || largest / size > MAX_UNITS;
  return { unit, size, decimals: hasNone ? 0 : DECIMALS };
}

const UNIT_SIZES: ReadonlyMap<string, number> = new Map([
  ['us', 1],
  ['µs', 1],
  ['μs', 1],
  ['ms', 1e3],
  ['s', 1e6],
  ['m', 60e6],
  ['min', 60e6],
]);

/** Parses a time with its unit, such as `1.2s` or `300ms`, or `0`, to µs; null for anything else. */
export function parseTime(text: string): number | null {
  if (text === '0') return 0;
  const [, digits, unit = ''] = /^(\d+(?:\.\d*)?|\.\d+)\s*([a-z\u00b5\u03bc]+)$/.exec(text) ?? [];
  const size = UNIT_SIZES.get(unit);
  if (digits === undefined || size === undefined) return null;
  // Rounded, because 6.003 * 1000 is not 6003 in doubles.
  return Math.round(Number(digits) * size * 1000) / 1000;
}

/** Writes a time in µs with all of its digits, as parseTime reads it: `2s`, `300ms`, `1200us`. */
export function timeWord(time: number): string {
  const micros = Math.round(time * 1000) / 1000;
  if (micros % 1e6 === 0) return `${micros / 1e6}s`;
  return micros % 1e3 === 0 ? `${micros / 1e3}ms` : `${micros}us`;
}

/** Parses a percentage such as `5%` or `0.5%`; null for anything else. */
export function parsePercent(text: string): number | null {
  const [, digits] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  return digits === undefined ? null : Number(digits);
}

/** Formats a difference of times with its sign: `+1.2`, `-0.3`, `0`. */
export function formatTimeChange(time: number | null, scale: TimeScale): string {
  return time === null ? '?' : withSign(time, formatTime(time, scale));
}

/** Formats the difference of two times as displayed, so that `14.24`, `11.23` and `-3.01` add up on the screen. */
export function formatTimeDifference(before: number, after: number, scale: TimeScale): string {
  const written = (time: number) => Number((time / scale.size).toFixed(scale.decimals));
  const difference = Number((written(after) - written(before)).toFixed(scale.decimals));
  if (difference === 0) return formatTimeChange(after - before, scale);
  return withSign(difference, formatDecimal(difference, scale.decimals));
}

/** Formats a change as a percentage of `whole`, with its sign. */
export function formatPercentChange(change: number | null, whole: number | null): string {
  return change === null ? '?' : withSign(change, formatPercent(change, whole));
}

/** Formats the changes of counts of a column with their signs: all with a decimal if one is a mean with a fraction. */
export function countChangeFormat(column: readonly Count[]): (change: Count) => string {
  const isMean = column.some((change) => typeof change === 'number' && !Number.isInteger(change));
  return (change) => {
    if (change === null) return '?';
    return withSign(change, isMean ? formatDecimal(Number(change), 1) : formatCount(change));
  };
}

/** Null if not known. */
type Count = number | bigint | null;

function withSign(value: number | bigint, text: string): string {
  return value > 0 && text !== '?' ? `+${text}` : text;
}

/** Formats a p-value with two significant digits. */
export function formatPValue(p: number | null): string {
  if (p === null) return '';
  return p < 0.001 ? '<0.001' : p >= 0.1 ? p.toFixed(2) : p.toFixed(3);
}

/** Formats a time on its column's scale: `1,234.5`, `<0.1`, `0`, or `?` if not known. */
export function formatTime(microseconds: number | null, scale: TimeScale): string {
  return microseconds === null ? '?' : formatDecimal(microseconds / scale.size, scale.decimals);
}

/** Formats a time with its unit: `14.3 s`, `823.0 ms`, `60 µs`. */
export function formatDuration(microseconds: number | null): string {
  if (microseconds === null || Number.isNaN(microseconds)) return 'unknown time';
  const { unit, size } = UNITS.find((candidate) => Math.abs(microseconds) >= candidate.size) ?? UNITS[2];
  return `${formatDecimal(microseconds / size, size === 1 ? 0 : decimalsFor(microseconds / size))} ${unit}`;
}

/** Formats the time of one call, which may be less than a microsecond: `114 ns`. */
export function formatCallDuration(time: number): string {
  return time > 0 && time < 1 ? `${formatDecimal(time * 1000, 0)} ns` : formatDuration(time);
}

/** Formats a share in percent: `12.3`, `<0.1`, `0`; `?` if either value is not known or `whole` is zero. */
export function formatPercent(part: number | null, whole: number | null): string {
  if (part === null || whole === null || !(Math.abs(whole) > 0)) return '?';
  return formatDecimal((100 * part) / whole, 1);
}

/** Formats a share in whole percent, rounded down, so that 100 means all: `43`. */
export function formatWholePercent(part: number, whole: number): string {
  return String(Math.floor((100 * part) / whole));
}

const BYTE_UNITS = [
  { unit: 'GB', size: 1e9 },
  { unit: 'MB', size: 1e6 },
  { unit: 'kB', size: 1e3 },
] as const;

/** Formats a size with its unit: `1.2 GB`, `84.2 kB`, `300 bytes`. */
export function formatBytes(size: number): string {
  const scale = BYTE_UNITS.find((candidate) => size >= candidate.size);
  if (scale === undefined) return Number.isInteger(size) ? pluralize(size, 'byte') : `${formatDecimal(size, 1)} bytes`;
  return `${formatDecimal(size / scale.size, 1)} ${scale.unit}`;
}

/** Counts with more digits use exponential notation. */
const MAX_DIGITS = 30;

/** Formats a count with thousands separators, `?` if not known. */
export function formatCount(value: number | bigint | null): string {
  if (value === null) return '?';
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return formatDecimal(value, 1);
  const digits = String(value);
  return digits.length <= MAX_DIGITS ? groupDigits(digits) : `${digits[0]}.${digits.slice(1, 4)}e+${digits.length - 1}`;
}

/** Formats with a fixed number of decimals, `<0.1` for a value that rounds to zero, `0` for zero. */
function formatDecimal(value: number, decimals: number): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '?' : value > 0 ? 'infinite' : '-infinite';
  if (Math.abs(value) >= 1e15) return value.toExponential(3);
  const smallest = 10 ** -decimals;
  if (Math.abs(value) < smallest / 2)
    return value > 0 ? `<${smallest.toFixed(decimals)}` : `>-${smallest.toFixed(decimals)}`;
  return groupDigits(value.toFixed(decimals));
}

function decimalsFor(value: number): number {
  return Math.abs(value) < 10 ? 2 : 1;
}

/** What the amounts of a profile are: times in µs, bytes, or a number of events. */
export type AmountUnit = 'us' | 'bytes' | 'count';

/** Formats an amount of a profile with its unit: `1.2 s`, `84.2 kB`, `1,234`. */
export function formatAmount(amount: number | null, unit: AmountUnit): string {
  if (unit === 'us' || amount === null) return formatDuration(amount);
  return unit === 'bytes' ? formatBytes(amount) : formatCount(amount);
}

/** As `timeScale`, for amounts of any unit. */
export function amountScale(amounts: readonly (number | null)[], unit: AmountUnit): TimeScale {
  if (unit === 'us') return timeScale(amounts);
  const largest = amounts.reduce<number>((most, amount) => Math.max(most, amount ?? 0), 0);
  const bytes = BYTE_UNITS.find(({ size }) => largest >= MIN_UNITS * size);
  if (unit === 'bytes' && bytes !== undefined) return { ...bytes, decimals: 1 };
  const isWhole = amounts.every((amount) => amount === null || Number.isInteger(amount));
  return { unit: unit === 'bytes' ? 'bytes' : 'count', size: 1, decimals: isWhole ? 0 : DECIMALS };
}

/** As `timeScalePair`, for amounts of any unit. */
export function amountScalePair(
  first: readonly (number | null)[],
  second: readonly (number | null)[],
  unit: AmountUnit,
): readonly [TimeScale, TimeScale] {
  if (unit === 'us') return timeScalePair(first, second);
  const scale = amountScale([...first, ...second], unit);
  return [scale, scale];
}
