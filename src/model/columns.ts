/** Columns read at an index that is known to lie inside them. */

/** True where the sources run as they are, as in tests; the bundle says false (bundling.mjs). */
declare const CHECKED: boolean;

/**
 * What a column holds at such an index: `within(time[i])`. Throws RangeError where that was outside: a defect, never bad
 * input. Of what is bundled nothing is left but `time[i]`: loops that run once, before V8 has compiled them, would spend a
 * tenth of their time on calling this.
 */
export function within<T>(value: T | undefined): T {
  if (CHECKED && value === undefined) throw new RangeError('a row outside of its column');
  return value as T;
}
