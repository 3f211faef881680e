import { distance } from 'fastest-levenshtein';

/** Number of suggestions for a name that was not found. */
const MAX_NEAREST = 5;

/** Only this many characters are compared, because the time grows with the product of the lengths. */
const MAX_COMPARED = 200;

/** Returns the known texts with the smallest Levenshtein distance, nearest first. */
export function findNearest(text: string, known: readonly string[]): string[] {
  const compared = text.slice(0, MAX_COMPARED);
  const distances = new Map(known.map((one) => [one, distance(compared, one.slice(0, MAX_COMPARED))]));
  return [...known].sort((a, b) => (distances.get(a) ?? 0) - (distances.get(b) ?? 0)).slice(0, MAX_NEAREST);
}

/** Returns the known word that a misspelt one most likely stands for; null if none is close. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  return findNearest(word, known).find((near) => isTypo(word, near)) ?? null;
}

/** A third of the letters may differ; two swapped letters count as two. */
function isTypo(word: string, known: string): boolean {
  const edits = distance(word.slice(0, MAX_COMPARED), known.slice(0, MAX_COMPARED));
  if (edits <= Math.max(1, Math.floor(word.length / 3))) return edits < word.length;
  return edits === 2 && sortLetters(word) === sortLetters(known);
}

function sortLetters(word: string): string {
  return [...word].sort().join('');
}
