import { plural } from '../base/text.ts';
import type { RelationViewRow } from '../view/views.ts';

/** What to say of the inner rows that are not there; null when all are. */
export function notSeen({ edges, matchedEdges, ofEdges }: RelationViewRow, word: 'callers' | 'callees'): string | null {
  if (ofEdges === 0) return `no ${word}`;
  if (matchedEdges === 0) return `none of its ${plural(ofEdges, word.slice(0, -1))} matches`;
  const hidden = matchedEdges - edges.length;
  return hidden === 0 ? null : `… ${plural(hidden, `more ${word.slice(0, -1)}`)}`;
}
