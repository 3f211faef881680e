/** Questions about a profile, and their answers as values. */

import { untimedSortKey } from '../base/errors.ts';
import { type CallGraph, callGraph, type Metrics } from '../model/call-graph.ts';
import { at } from '../model/columns.ts';
import type { Count } from '../model/count.ts';
import { type FunctionIndex, type FunctionKind, type FunctionTable, functionAt } from '../model/function-table.ts';
import type { Profile } from '../model/profile.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import { applyFocus } from './focus.ts';
import { FunctionNames, GroupNames, type RowNames } from './function-names.ts';
import { type Grouping, groupFunctions } from './grouping.ts';
import { applyLimit, type Limit } from './limit.ts';
import { type PatternLike, parsePattern } from './pattern.ts';
import type { PathStyle } from './places.ts';
import { firstSorted, parseSortKeys, type SortKey } from './sort-keys.ts';
import { type ProfileSummary, summarize } from './summary.ts';

export interface StatsOptions {
  /**
   * Whether `(idle)` is a row and its time part of what shares are of.
   * @default false
   */
  readonly idle?: boolean;
  /**
   * How paths are shown; patterns match the file as shown as well as written.
   * @default 'short'
   */
  readonly paths?: PathStyle;
  /** Keep stacks on which every one of these stands. Sampled profiles with stacks only. */
  readonly focus?: readonly PatternLike[];
  /** Drop stacks on which any of these stands. Sampled profiles with stacks only. */
  readonly ignore?: readonly PatternLike[];
}

/** Which rows, and in what order. */
export interface Query {
  /**
   * Keys, most important first; pstats' abbreviations work. Ties break by name, file and line.
   * @default ['tottime'], inside callers and callees ['cumtime']
   */
  readonly sort?: readonly string[];
  /** @default false */
  readonly reverse?: boolean;
  /**
   * Rows to keep, `10%` of them, or 0 for all. In callers and callees it holds for both levels.
   * @default 0
   */
  readonly limit?: Limit;
  /** Keep rows that match every one of these. In callers and callees: inner rows. */
  readonly filter?: readonly PatternLike[];
  /** Drop rows that match any of these. In callers and callees: inner rows. */
  readonly exclude?: readonly PatternLike[];
}

/** A function, or the far end of an edge, with its figures. Times in µs; null is "not known". */
export interface FunctionRow {
  readonly function: FunctionIndex;
  readonly kind: FunctionKind;
  /** As written; `''` for an anonymous function. */
  readonly name: string;
  /** As shown: `(anonymous)` for none, `{built-in method …}` for Python's own. */
  readonly shownName: string;
  /** As written; null when there is none. */
  readonly file: string | null;
  /** `file:line` with the path as `paths` asks, and the column where the line holds several functions. */
  readonly shownPlace: string | null;
  /** 1-based */
  readonly line: number | null;
  /** 1-based */
  readonly column: number | null;
  /** tottime: in the function itself */
  readonly self: Microseconds | null;
  /** cumtime: with everything it called; a stack counts once, however deep the recursion */
  readonly total: Microseconds | null;
  /** samples on top of the stack, or calls */
  readonly selfCount: Count | null;
  /** samples anywhere on the stack, or calls that were not recursive */
  readonly totalCount: Count | null;
}

/** Functions gathered into one row: `name` is the file, the package or the category. */
export interface GroupRow extends FunctionRow {
  /** functions in the group */
  readonly functions: number;
}

/** Rows after sorting and limiting. */
export interface FunctionResult<Row = FunctionRow> {
  readonly rows: readonly Row[];
  /** rows that the patterns left, before the limit */
  readonly matched: number;
  /** rows there are */
  readonly of: number;
  /** What they are sorted by. */
  readonly sort: readonly SortKey[];
}

/** A function with its callers or callees. */
export interface RelationRow extends FunctionRow {
  /** The functions at the other end, each with the figures of that edge alone. */
  readonly edges: FunctionResult;
}

/**
 * A profile, ready to be asked. Immutable; every question gives a new value.
 *
 * @example
 * const stats = new Stats(await loadProfile('GET.resource_providers.prof'));
 * for (const { name, self } of stats.functions({ sort: ['tottime'], limit: 5 }).rows) console.log(name, self);
 */
export class Stats {
  /** The profile that is asked: the one given, less the stacks that were left out. */
  readonly profile: Profile;
  readonly graph: CallGraph;
  readonly summary: ProfileSummary;
  readonly #names: FunctionNames;
  readonly #paths: PathStyle;
  readonly #idle: boolean;

  /** Throws PstatError: `query` for a pattern that does not parse, `missing-data` for a focus on pairs. */
  constructor(profile: Profile, { idle = false, paths = 'short', focus = [], ignore = [] }: StatsOptions = {}) {
    this.#names = new FunctionNames(profile.functions, paths);
    this.profile = applyFocus(profile, focus.map(this.#testOf), ignore.map(this.#testOf));
    this.graph = callGraph(this.profile);
    this.#idle = idle;
    this.#paths = paths;
    this.summary = summarize(this.profile, this.graph, idle);
  }

  /** Functions, hottest first. Throws PstatError (`query`, `missing-data`). */
  functions(query: Query = {}): FunctionResult {
    return this.#select(this.#functionQuery(query));
  }

  /** Files, packages or categories, hottest first. Patterns see their names. Throws as `functions`. */
  groups(by: Grouping, query: Query = {}): FunctionResult<GroupRow> {
    const { names, figures, sizes } = groupFunctions(this.profile, this.graph, by);
    rejectUnknownTotals(figures, query, this.graph.counts);
    const isRow = (group: number) => at(sizes, group) > 0 && (this.#idle || at(names.kind, group) !== 'idle');
    const answer = this.#select({
      figures,
      functionOf: (group) => group,
      functions: names,
      names: new GroupNames(names, this.#paths),
      candidates: Array.from(sizes.keys()).filter(isRow),
      defaultSort: ['tottime'],
      query,
    });
    return {
      ...answer,
      rows: answer.rows.map((row) => ({ ...row, file: null, functions: at(sizes, row.function) })),
    };
  }

  /** Functions that match, each with the functions that call it. `''` matches every function. */
  callers(pattern: PatternLike, query: Query = {}): FunctionResult<RelationRow> {
    const { caller, callee } = this.graph.edges;
    return this.#relations(pattern, query, { near: callee, far: caller });
  }

  /** Functions that match, each with the functions that it calls. `''` matches every function. */
  callees(pattern: PatternLike, query: Query = {}): FunctionResult<RelationRow> {
    const { caller, callee } = this.graph.edges;
    return this.#relations(pattern, query, { near: caller, far: callee });
  }

  #relations(
    pattern: PatternLike,
    query: Query,
    ends: { near: Int32Array; far: Int32Array },
  ): FunctionResult<RelationRow> {
    const { edges, functions } = this.graph;
    const { filter, exclude, ...outer } = query;
    const edgesOf = groupEdgesByFunction(ends.near);
    const answer = this.#select(this.#functionQuery({ ...outer, filter: [pattern] }));
    const rows = answer.rows.map((row) => ({
      ...row,
      edges: this.#select({
        figures: edges,
        functionOf: (edge) => at(ends.far, edge),
        functions,
        names: this.#names,
        candidates: edgesOf.get(row.function) ?? [],
        defaultSort: [this.#edgeSort()],
        query,
      }),
    }));
    return { ...answer, rows };
  }

  /** Python's own profilers count per caller and time nothing. */
  #edgeSort(): SortKey {
    const { total, length } = this.graph.edges;
    if (length === 0 || !Number.isNaN(at(total, 0))) return 'cumtime';
    return this.graph.counts === 'calls' ? 'ncalls' : 'cumsamples';
  }

  #functionQuery(query: Query): RowQuery {
    const { figures, functions, rows } = this.graph;
    const things = this.#idle ? rows : rows.filter((fn) => at(functions.kind, fn) !== 'idle');
    return {
      figures,
      functionOf: (fn) => fn,
      functions,
      names: this.#names,
      candidates: things,
      defaultSort: ['tottime'],
      query,
    };
  }

  #select(question: RowQuery): FunctionResult {
    const { figures, functionOf, functions, candidates: things, defaultSort, query } = question;
    const sort =
      query.sort === undefined || query.sort.length === 0 ? defaultSort : parseSortKeys(query.sort, this.graph.counts);
    const keep = rowFilter(query, question.names);
    const matched = Array.from(things).filter((thing) => keep(functionOf(thing)));
    const sorting = { keys: sort, reverse: query.reverse ?? false, count: applyLimit(query.limit, matched.length) };
    const kept = firstSorted(matched, { figures, functionOf, functions }, sorting);
    return {
      rows: kept.map((thing) => this.#row(thing, question)),
      matched: matched.length,
      of: things.length,
      sort,
    };
  }

  #row(thing: number, { figures, functionOf, functions, names }: RowQuery): FunctionRow {
    const { unit } = this.graph;
    const fn = functionOf(thing);
    const { kind, name, file, line, column } = functionAt(functions, fn);
    return {
      function: fn,
      kind,
      name,
      shownName: names.label(fn),
      file: file === '' ? null : file,
      shownPlace: names.place(fn),
      line: line === 0 ? null : line,
      column: column === 0 ? null : column,
      self: knownOrNull(at(figures.self, thing) * unit),
      total: knownOrNull(at(figures.total, thing) * unit),
      selfCount: knownOrNull(at(figures.selfCount, thing)),
      totalCount: knownOrNull(at(figures.totalCount, thing)),
    };
  }

  readonly #testOf = (pattern: PatternLike) => {
    const parsed = parsePattern(pattern);
    return (fn: FunctionIndex) => this.#names.matches(parsed, fn);
  };
}

/** Things to choose from, and how to show them. */
interface RowQuery {
  readonly figures: Metrics;
  readonly functionOf: (thing: number) => FunctionIndex;
  readonly functions: FunctionTable;
  readonly names: RowNames;
  readonly candidates: ArrayLike<number>;
  readonly defaultSort: readonly SortKey[];
  readonly query: Query;
}

/** In a profile of pairs no group has a total, so that nothing can be sorted by it. */
function rejectUnknownTotals({ total }: Metrics, { sort = [] }: Query, counts: 'samples' | 'calls'): void {
  if (total.length === 0 || !Number.isNaN(at(total, 0))) return;
  const key = parseSortKeys(sort, counts).find((each) => each === 'cumtime' || each === 'cumpercall');
  if (key !== undefined) throw untimedSortKey(key);
}

function groupEdgesByFunction(near: Int32Array): ReadonlyMap<FunctionIndex, number[]> {
  const edges = new Map<FunctionIndex, number[]>();
  near.forEach((fn, edge) => {
    const known = edges.get(fn);
    if (known === undefined) edges.set(fn, [edge]);
    else known.push(edge);
  });
  return edges;
}

function rowFilter({ filter = [], exclude = [] }: Query, names: RowNames): (fn: FunctionIndex) => boolean {
  const wanted = filter.map(parsePattern);
  const unwanted = exclude.map(parsePattern);
  return (fn) =>
    wanted.every((pattern) => names.matches(pattern, fn)) && !unwanted.some((pattern) => names.matches(pattern, fn));
}

function knownOrNull<T extends Count>(figure: T): T | null {
  return Number.isNaN(figure) ? null : figure;
}
