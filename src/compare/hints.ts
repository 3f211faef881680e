/** What may explain a function that is gone, new or slower: a question for a person, never a verdict. */

import { addTo } from '../base/maps.ts';
import { at } from '../model/columns.ts';
import type { FunctionIndex } from '../model/function-table.ts';
import type { Sides } from './basis.ts';
import { type Both, mapBoth } from './both.ts';
import type { Match } from './matching.ts';
import type { Side } from './side.ts';

/** match -> the match that may explain it */
type MatchHints = ReadonlyMap<number, { readonly kind: 'renamed' | 'inlined'; readonly match: number }>;

/**
 * Renamed: a removed and a new function with the same callers and callees, if no other has them. Inlined: a removed
 * function of which one caller is left, and that caller's tottime rose.
 *
 * @param selfDelta match -> change of its mean self time; 0 where it is not worth a question
 */
export function findHints(
  matches: readonly Match[],
  relations: SideRelations,
  selfDelta: readonly number[],
): MatchHints {
  const hints = new Map<number, { kind: 'renamed' | 'inlined'; match: number }>();
  const added = groupBySignature(matches, 'new', relations.after);
  for (const [signature, removed] of groupBySignature(matches, 'removed', relations.before)) {
    const [from, to] = [removed[0], added.get(signature)?.[0]];
    if (removed.length !== 1 || added.get(signature)?.length !== 1 || from === undefined || to === undefined) continue;
    if (selfDelta[from] === 0 && selfDelta[to] === 0) continue;
    hints.set(from, { kind: 'renamed', match: to }).set(to, { kind: 'renamed', match: from });
  }
  matches.forEach(({ status }, removed) => {
    const callers = [...(relations.before[removed]?.callers ?? [])];
    const [caller] = callers;
    if (status !== 'removed' || hints.has(removed) || caller === undefined || callers.length > 1) return;
    if (hints.has(caller) || matches[caller]?.after === -1 || !holdsTimeOf(caller, removed, selfDelta)) return;
    hints.set(caller, { kind: 'inlined', match: removed });
  });
  return hints;
}

/** match -> an edited match that calls it, of matches that are not edited themselves: it may have changed them. */
export function findEditedCallers(
  relations: SideRelations,
  edited: readonly (boolean | null)[],
): ReadonlyMap<number, number> {
  const callers = new Map<number, number>();
  edited.forEach((isEdited, caller) => {
    if (isEdited !== true) return;
    for (const side of ['after', 'before'] as const)
      for (const callee of relations[side][caller]?.callees ?? [])
        if (edited[callee] === false && !callers.has(callee)) callers.set(callee, caller);
  });
  return callers;
}

/** The caller's tottime rose by at least this share of what the removed function took. */
const MIN_INLINED = 0.25;

function holdsTimeOf(caller: number, removed: number, selfDelta: readonly number[]): boolean {
  const gone = -(selfDelta[removed] ?? 0);
  return gone > 0 && (selfDelta[caller] ?? 0) >= MIN_INLINED * gone;
}

/** Matches that call a match, and matches that it calls. */
interface Relations {
  readonly callers: Set<number>;
  readonly callees: Set<number>;
}

/** match -> its relations on each side */
export type SideRelations = Both<readonly Relations[]>;

export function findRelations(matches: readonly Match[], sides: Sides): SideRelations {
  return mapBoth(sides, (side, name) => relationsOf(matches, side, name));
}

function relationsOf(matches: readonly Match[], { callees }: Side, side: keyof Both<Side>): readonly Relations[] {
  const matchOf = new Map<FunctionIndex, number>(matches.map((match, i) => [match[side], i]));
  const relations = matches.map(() => ({ callers: new Set<number>(), callees: new Set<number>() }));
  for (const [caller, called] of callees) {
    for (const callee of called) {
      const [above, below] = [matchOf.get(caller), matchOf.get(callee)];
      if (above === undefined || below === undefined) continue;
      relations[above]?.callees.add(below);
      relations[below]?.callers.add(above);
    }
  }
  return relations;
}

/** Functions without a relation are like too many others. */
function groupBySignature(matches: readonly Match[], status: Match['status'], relations: readonly Relations[]) {
  const groups = new Map<string, number[]>();
  matches.forEach((match, i) => {
    const { callers, callees } = at(relations, i);
    if (match.status !== status || callers.size === 0) return;
    const sorted = (set: ReadonlySet<number>) => [...set].sort((a, b) => a - b).join();
    const signature = `${sorted(callers)} > ${sorted(callees)}`;
    addTo(groups, signature, i);
  });
  return groups;
}
