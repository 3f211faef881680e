/** The tree of a query, for listings and pictures: which functions are its rows, its roots, or folded. */

import { at } from '../model/columns.ts';
import { type FunctionIndex, type FunctionTable, META_NAMES } from '../model/function-table.ts';
import { EstimatedTree } from '../model/layout/estimated-tree.ts';
import type { LayoutTree } from '../model/layout/layout-tree.ts';
import { StacksTree } from '../model/layout/stacks-tree.ts';
import { TimeTree } from '../model/layout/time-tree.ts';
import type { StacksProfile } from '../model/profile.ts';
import { recordedPart } from './activity.ts';
import { groupsNeedStacks, noTimeOrder, treeNeedsStacks } from './errors.ts';
import { GroupNames, type RowNames } from './function-names.ts';
import { type FunctionGrouping, groupTable } from './grouping.ts';
import { timeWithoutOwner } from './owners.ts';
import { type FunctionChoice, type PatternLike, parsePattern } from './pattern.ts';
import type { Stats } from './stats.ts';

/** Which frames are folded. `auto` folds dependencies unless nearly all time is theirs. */
export type Fold = 'auto' | 'dependencies' | 'none' | { readonly pattern: PatternLike };

export interface LayoutTreeQuery {
  /** What rows are. Groups fold their own frames. */
  readonly by: 'function' | FunctionGrouping;
  readonly isInverted: boolean;
  /** Starts at the outermost calls of the functions that match; null for whole stacks. */
  readonly root: FunctionChoice | null;
  readonly fold: Fold;
  /** Whether only the frames above the first own frame are folded. */
  readonly foldsOnlyLeading: boolean;
  readonly mergesRecursion: boolean;
  /** Whether a profile of edges may be drawn as the tree that it suggests. */
  readonly allowsEstimate: boolean;
}

export interface QueriedTree {
  readonly tree: LayoutTree;
  /** What the keys of nodes mean. */
  readonly table: FunctionTable;
  readonly names: RowNames;
}

/** Throws PstatError: `query` for an invalid pattern, `missing-data` for edges that may not be estimated. */
export function queryTree(stats: Stats, query: LayoutTreeQuery): QueriedTree {
  const { profile, names } = stats;
  const { functions: table } = profile;
  if (!('callTree' in profile)) {
    if (!query.allowsEstimate) throw treeNeedsStacks(stats.summary.sources[0] ?? '');
    if (query.by !== 'function') throw groupsNeedStacks(stats.summary.sources[0] ?? '');
    const roots = query.root === null ? null : markMatching(query.root, stats);
    return { tree: new EstimatedTree(profile, { roots, isInverted: query.isInverted }), table, names };
  }
  const groups = query.by === 'function' ? null : groupTable(table, stats.origins, query.by);
  const tree = new StacksTree(profile.callTree, {
    keys: groups?.groupOf ?? Int32Array.from(table.kind.keys()),
    ...rowSets(stats),
    folded: groups === null ? foldedFunctions(query, stats, profile) : null,
    foldsOnlyLeading: query.foldsOnlyLeading,
    mergesRecursion: query.mergesRecursion || groups !== null,
    isInverted: query.isInverted,
    roots: query.root === null ? null : markMatching(query.root, stats),
  });
  return groups === null
    ? { tree, table, names }
    : { tree, table: groups.names, names: new GroupNames(groups.names, stats.paths) };
}

/** The whole calls in order of time. Throws PstatError (`missing-data`) where the times of samples are not known. */
export function queryTimeTree(stats: Stats): QueriedTree & { readonly tree: TimeTree } {
  const { profile, names } = stats;
  const { functions: table } = profile;
  if (!('callTree' in profile) || profile.timeline === null) throw noTimeOrder(stats.summary.sources[0] ?? '');
  // Of a part, what lies before and after it is not drawn.
  const { from, to } = recordedPart(profile);
  const tree = new TimeTree(profile.callTree, profile.timeline, { ...rowSets(stats), start: from, duration: to });
  return { tree, table, names };
}

/** V8's root is no row, and `(idle)` has no place unless it is asked for. */
function rowSets({ profile: { functions }, idle }: Stats) {
  return {
    transparent: setOf(functions, (fn) => at(functions.kind, fn) === 'root'),
    hidden: setOf(functions, (fn) => !idle && at(functions.kind, fn) === 'idle'),
  };
}

function setOf({ kind }: FunctionTable, test: (fn: FunctionIndex) => boolean): Uint8Array {
  return Uint8Array.from(kind, (_, fn) => Number(test(fn)));
}

/** V8's root is on every stack and is not a row, so it never matches. */
function markMatching(choice: FunctionChoice, { names, profile: { functions } }: Stats): Uint8Array {
  if (typeof choice === 'number') return setOf(functions, (fn) => fn === choice);
  const parsed = parsePattern(choice);
  return setOf(functions, (fn) => at(functions.kind, fn) !== 'root' && names.matches(parsed, fn));
}

function foldedFunctions({ fold, isInverted }: LayoutTreeQuery, stats: Stats, profile: StacksProfile) {
  if (fold === 'none') return null;
  if (typeof fold === 'object') return markMatching(fold.pattern, stats);
  if (fold === 'auto' && (isInverted || isMostlyLibraries(stats, profile))) return null;
  const { kind } = profile.functions;
  const { origins } = stats;
  return setOf(profile.functions, (fn) => !IS_NO_CODE.has(at(kind, fn)) && !origins.isOwnCode(fn));
}

const IS_NO_CODE: ReadonlySet<string> = new Set(Object.keys(META_NAMES));

/** With less of the time in own code and what it calls, folding libraries would hide what the profile is about. */
const MIN_OWNED_SHARE = 0.1;

function isMostlyLibraries({ graph, origins }: Stats, profile: StacksProfile): boolean {
  return graph.sums.counted - timeWithoutOwner(profile, origins) < MIN_OWNED_SHARE * graph.sums.counted;
}
