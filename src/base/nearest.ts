import { distance } from 'fastest-levenshtein';

/** Names shown in place of one that was not found. */
const MAX_NEAREST = 5;

/** Longer texts are compared by their beginning: the time is the product of the lengths. */
const MAX_COMPARED = 200;

/** The known texts that are most similar to the given one, the most similar first. */
export function findNearest(text: string, known: readonly string[]): string[] {
  const compared = text.slice(0, MAX_COMPARED);
  const distances = new Map(known.map((one) => [one, distance(compared, one.slice(0, MAX_COMPARED))]));
  return [...known].sort((a, b) => (distances.get(a) ?? 0) - (distances.get(b) ?? 0)).slice(0, MAX_NEAREST);
}
