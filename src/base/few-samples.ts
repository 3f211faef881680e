/** The one limit below which a number of samples says little. */

/** With fewer samples, the expected error is a third of the value or more. */
export const MIN_SAMPLES = 10;

/** Whether these are too few samples to rely on; not where the number is not known. */
export function areFew(samples: number | bigint | null | undefined): boolean {
  return samples !== null && samples !== undefined && samples < MIN_SAMPLES;
}
