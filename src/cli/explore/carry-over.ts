/** Carries the state of the explorer over to a newer profile of the same program: what was selected stays selected. */

import { type FunctionTable, functionAt } from '../../model/function-table.ts';
import type { Explorer } from './explorer.ts';
import type { State } from './state.ts';

/** Keys and functions of the state become those of the newer profile; what it does not have is no longer selected. */
export function carryOver(state: State, before: Explorer, after: Explorer): State {
  const find = functionFinder(before.model.all.profile.functions, after.model.all.profile.functions);
  const path = carryPath(state, find);
  const carried = {
    ...state,
    path: state.by === 'function' ? path : followPath(path, before, after, state),
    fn: state.fn === null ? null : find(state.fn),
    treeRoot: state.treeRoot === null ? null : find(state.treeRoot),
    trail: state.trail.map(({ pane, fn }) => ({ pane, fn: fn === null ? null : find(fn) })),
  };
  const zoom = carried.path.slice(0, state.zoom.length);
  return { ...carried, zoom, row: rowOf({ ...carried, zoom }, before, after, state) };
}

/** Returns function of one table -> function of the other; null if it is not there. */
function functionFinder(from: FunctionTable, to: FunctionTable): (fn: number) => number | null {
  const keyOf = (functions: FunctionTable, fn: number) => JSON.stringify(functionAt(functions, fn));
  let known: Map<string, number> | null = null;
  return (fn) => {
    known ??= new Map(to.name.map((_, each) => [keyOf(to, each), each]));
    return known.get(keyOf(from, fn)) ?? null;
  };
}

/** Up to the first function that the newer profile does not have. */
function carryPath({ path, by }: State, find: (fn: number) => number | null): readonly number[] {
  if (by !== 'function') return path;
  const carried: number[] = [];
  for (const fn of path) {
    const found = find(fn);
    if (found === null) break;
    carried.push(found);
  }
  return carried;
}

/** Packages have no identity but their names. */
function followPath(path: readonly number[], before: Explorer, after: Explorer, state: State): readonly number[] {
  const [old, next] = [before.pictures.picture(state), after.pictures.picture({ ...state, path: [], zoom: [] })];
  const carried: number[] = [];
  for (let depth = 1; depth <= path.length; depth++) {
    const { label } = old.nameOf(before.pictures.nodeAt(state, path.slice(0, depth)));
    const parent = after.pictures.nodeAt({ ...state, path: carried, zoom: [] }, carried);
    const found = next.tree.children(parent).find((node) => next.nameOf(node).label === label);
    if (found === undefined) break;
    carried.push(next.step(found));
  }
  return carried;
}

/** The row of the same function; the same row where there is none. */
function rowOf(state: State, before: Explorer, after: Explorer, old: State): number {
  const followsFunction = state.fn !== null && (state.pane === 'table' || state.pane === 'callers');
  if (followsFunction && before.lists.functionOfRow(old) === old.fn) return Math.max(0, after.lists.rowOf(state));
  return Math.min(state.row, Math.max(0, after.lists.rowCount(state) - 1));
}
