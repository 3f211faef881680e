/** Queries of a profile. */

import { groupBy } from '../base/maps.ts';
import { buildCallGraph, type CallGraph, type Edges, type Metrics } from '../model/call-graph.ts';
import { at } from '../model/columns.ts';
import { type Count, knownOrNull } from '../model/count.ts';
import { applyFocus } from '../model/focus.ts';
import { describeFunction, type FunctionIndex, type FunctionTable } from '../model/function-table.ts';
import { type ListedCall, type ListedLine, listFunctions } from '../model/listing.ts';
import type { Profile } from '../model/profile.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import { relativeErrors } from '../model/sampling-error.ts';
import { enclosingNames } from './enclosing.ts';
import { noOwners, untimedSortKey } from './errors.ts';
import {
  FunctionNames,
  functionNames,
  GroupNames,
  type RowNames,
  type ShownFunction,
  showFunction,
} from './function-names.ts';
import { type Grouping, groupFunctions } from './grouping.ts';
import { applyLimit, type Limit } from './limit.ts';
import { groupLines } from './lines.ts';
import { type Origins, originsOf } from './origins.ts';
import { chargeOwners } from './owners.ts';
import { type Filter, type FunctionChoice, type PatternLike, parseFilter, parsePattern } from './pattern.ts';
import type { PathStyle } from './places.ts';
import { firstSorted, parseSortKeys, type SortKey } from './sort-keys.ts';
import { type ProfileSummary, summarize } from './summary.ts';

export interface StatsOptions {
  /**
   * Whether `(idle)` is a row and part of the denominator of shares.
   * @default false
   */
  readonly idle?: boolean;
  /**
   * How paths are displayed. Patterns match the file as displayed and as written.
   * @default 'short'
   */
  readonly paths?: PathStyle;
  /** Keeps stacks that contain a match of every pattern. Stacks profiles only. */
  readonly focus?: readonly PatternLike[];
  /** Drops stacks that contain a match of any pattern. Stacks profiles only. */
  readonly ignore?: readonly PatternLike[];
}

/** Selection and order of rows. */
export interface Query extends Filter {
  /**
   * Keys, most important first. Ties break by cumtime, name, file and line.
   * @default ['tottime'], inside callers and callees ['cumtime']
   */
  readonly sort?: readonly SortKey[];
  /** @default false */
  readonly reverse?: boolean;
  /**
   * Number of rows, a share such as `10%`, or 0 for all. In callers and callees it applies to both levels.
   * @default 0
   */
  readonly limit?: Limit;
}

/** A function, or the other end of an edge, with its metrics. Times are in µs; null means not known. */
export interface FunctionRow extends ShownFunction {
  readonly function: FunctionIndex;
  /** tottime: time in the function itself */
  readonly self: Microseconds | null;
  /** cumtime: time with everything it called; a stack counts once, however deep the recursion */
  readonly total: Microseconds | null;
  /** samples, or ncalls of traced profiles: see Metrics */
  readonly selfCount: Count | null;
  /** cumsamples, or pcalls of traced profiles: see Metrics */
  readonly totalCount: Count | null;
  /** standard error of `self` divided by it; null for calls and without samples */
  readonly selfError: number | null;
  /** standard error of `total` divided by it; null for calls and without samples */
  readonly totalError: number | null;
}

/**
 * A group of functions: `name` is the file, package or category; for a line, its hottest function, or `(no line)` and the
 * like, which have no `line`.
 */
export interface GroupRow extends FunctionRow {
  /** number of functions in the group */
  readonly functions: number;
}

/** Rows after sorting and limiting. */
export interface FunctionResult<Row = FunctionRow> {
  readonly rows: readonly Row[];
  /** number of rows that match the patterns, before the limit */
  readonly matched: number;
  /** number of all rows */
  readonly of: number;
  /** The sort keys in use. */
  readonly sort: readonly SortKey[];
}

/** Functions that FUNCTION selects, with their callers or callees. */
export interface RelationResult extends FunctionResult<RelationRow> {
  /** Functions that are left out because FUNCTION is the whole name of others and only a part of theirs. */
  readonly partial: number;
}

/** A function with its callers or callees. */
export interface RelationRow extends FunctionRow {
  /** The functions at the other end, each with the metrics of that edge. */
  readonly edges: FunctionResult;
}

/** A called function, with its time on behalf of the caller. */
export interface CallRow extends ShownFunction, Pick<FunctionRow, 'function' | 'total'> {
  /** cumsamples, or ncalls of traced profiles */
  readonly count: Count | null;
}

/** A function with its time by line and its calls. */
export interface ListingRow extends FunctionRow {
  readonly lines: readonly ListedLine[];
  /** The largest first. In a stacks profile they add up to `total` − `self`. */
  readonly calls: readonly CallRow[];
}

/**
 * Answers queries of a profile. Immutable.
 *
 * @example
 * const stats = new Stats(await loadProfile('GET.resource_providers.prof'));
 * for (const { name, self } of stats.functions({ sort: ['tottime'], limit: 5 }).rows) console.log(name, self);
 */
export class Stats {
  /** The profile after focus and ignore. */
  readonly profile: Profile;
  /** The names of functions, as displayed and as patterns see them. */
  readonly names: FunctionNames;
  readonly paths: PathStyle;
  /** Whether `(idle)` is a row. */
  readonly idle: boolean;
  /** Before focus and ignore. */
  readonly #whole: Profile;
  #graph: CallGraph | null = null;
  #summary: ProfileSummary | null = null;

  /** Throws PstatError: `query` for an invalid pattern, `missing-data` for focus or ignore on an edges profile. */
  constructor(profile: Profile, { idle = false, paths = 'short', focus = [], ignore = [] }: StatsOptions = {}) {
    this.#whole = profile;
    this.names = functionNames(profile.functions, paths);
    this.profile = applyFocus(profile, focus.map(this.#testOf), ignore.map(this.#testOf));
    this.idle = idle;
    this.paths = paths;
  }

  /** Found on demand, as the summary: each takes a pass over the profile. */
  get graph(): CallGraph {
    this.#graph ??= buildCallGraph(this.profile);
    return this.#graph;
  }

  get summary(): ProfileSummary {
    this.#summary ??= summarize(this.profile, this.graph, this.idle);
    return this.#summary;
  }

  /** Where the code of functions comes from; found on demand. */
  get origins(): Origins {
    return originsOf(this.profile.functions);
  }

  /** Functions, hottest first. Throws PstatError (`query`, `missing-data`). */
  functions(query: Query = {}): FunctionResult {
    return this.#select(this.#functionQuery(query));
  }

  /** The rows of functions, but for those that are none, or have no stacks after the filters. */
  rowsOf(fns: readonly FunctionIndex[]): FunctionRow[] {
    const query = this.#functionQuery({});
    const isRow = new Set(Array.from(query.candidates));
    return fns.filter((fn) => isRow.has(fn)).map((fn) => this.#row(fn, query));
  }

  /** The functions of the rows of `functions`, found faster than these. */
  functionOrder(query: Query = {}): readonly FunctionIndex[] {
    return this.#sort(this.#functionQuery(query)).kept;
  }

  /** Files, packages, categories or lines, hottest first. Patterns match their names. Throws as `functions`. */
  groups(by: Grouping, query: Query = {}): FunctionResult<GroupRow> {
    const isLine = by === 'line';
    const { names, metrics, sizes } = isLine
      ? groupLines(this.profile, this.graph)
      : groupFunctions(this.profile, this.graph, by);
    rejectUnknownTotals(metrics, query, this.graph.counts);
    const isRow = (group: number) => at(sizes, group) > 0 && (this.idle || at(names.kind, group) !== 'idle');
    const result = this.#select({
      ...this.#functionQuery(query),
      metrics,
      functions: names,
      names: isLine ? new FunctionNames(names, this.paths, this.graph.functions) : new GroupNames(names, this.paths),
      candidates: Array.from(sizes.keys()).filter(isRow),
    });
    return {
      ...result,
      rows: result.rows.map((row) => ({
        ...row,
        file: isLine ? row.file : null,
        functions: at(sizes, row.function),
      })),
    };
  }

  /**
   * The user's own functions with the time of the libraries that they call, hottest first, and `(no own frame)` as the
   * last row. Throws PstatError (`query`, `missing-data`).
   */
  owners(query: Query = {}): FunctionResult {
    if (!('callTree' in this.profile)) throw noOwners(this.summary.sources[0] ?? '');
    const { functions, metrics, rows, noOwner } = chargeOwners(this.profile, this.origins);
    const names = new FunctionNames(functions, this.paths);
    const common = { ...this.#functionQuery(query), metrics, functions, names };
    const isRow = (fn: FunctionIndex) => this.idle || at(functions.kind, fn) !== 'idle';
    const own = this.#select({ ...common, candidates: rows.filter(isRow) });
    const others = at(metrics.selfCount, noOwner) === 0 ? [] : [noOwner];
    const rest = this.#select({ ...common, candidates: others, query: { ...query, limit: 0 } });
    return { ...own, rows: [...own.rows, ...rest.rows], matched: own.matched + rest.matched, of: own.of + rest.of };
  }

  /**
   * Functions of this name or, if there is none, functions that match, each with the functions that call it. `''` matches
   * every function.
   */
  callers(choice: FunctionChoice, query: Query = {}): RelationResult {
    return this.#relations(choice, query, { near: 'callee', far: 'caller' });
  }

  /** As `callers`, with the functions that it calls. */
  callees(choice: FunctionChoice, query: Query = {}): RelationResult {
    return this.#relations(choice, query, { near: 'caller', far: 'callee' });
  }

  /** Functions that match, by cumtime, each with its time by line and its calls. A whole name wins over a part of one. */
  listings(choice: FunctionChoice, query: Query = {}): FunctionResult<ListingRow> {
    const { rows, ...result } = this.#select({
      ...this.#functionQuery(query),
      candidates: this.select(choice).selected,
      defaultSort: ['cumtime'],
    });
    const listings = listFunctions(
      this.profile,
      this.graph,
      rows.map((row) => row.function),
    );
    return {
      ...result,
      of: this.#functionQuery({}).candidates.length,
      rows: rows.map((row, i) => {
        const { lines, calls } = at(listings, i);
        return { ...row, lines, calls: calls.map((call) => this.#callRow(call)) };
      }),
    };
  }

  #callRow({ callee, total, count }: ListedCall): CallRow {
    return { function: callee, ...showFunction(this.graph.functions, this.names, callee), total, count };
  }

  #relations(
    choice: FunctionChoice,
    query: Query,
    { near, far }: Readonly<Record<'near' | 'far', 'caller' | 'callee'>>,
  ): RelationResult {
    const { functions } = this.graph;
    const { filter, exclude, ...outer } = query;
    const { selected, partial } = this.select(choice);
    const edges = this.graph.edgesOf(selected);
    const edgesOf = groupBy(edges[near].keys(), (edge) => at(edges[near], edge));
    const result = this.#select({ ...this.#functionQuery(outer), candidates: selected });
    const rows = result.rows.map((row) => ({
      ...row,
      edges: this.#select({
        metrics: edges,
        functionOf: (edge) => at(edges[far], edge),
        functions,
        names: this.names,
        candidates: edgesOf.get(row.function) ?? [],
        defaultSort: [this.#edgeSort(edges)],
        query,
      }),
    }));
    return { ...result, rows, of: this.#functionQuery({}).candidates.length, partial };
  }

  /** The name of the function that an anonymous one stands in; null if stacks do not tell. */
  enclosingName(fn: FunctionIndex): string | null {
    return enclosingNames(this.#whole).get(fn) ?? null;
  }

  /** The functions that FUNCTION means: those of exactly this name or, if there is none, all that match. */
  select(choice: FunctionChoice): { readonly selected: readonly FunctionIndex[]; readonly partial: number } {
    const all = Array.from(this.#functionQuery({}).candidates);
    if (typeof choice === 'number') return { selected: all.filter((fn) => fn === choice), partial: 0 };
    const matching = all.filter(this.#testOf(choice));
    const exact = choice === '' ? [] : matching.filter((fn) => this.names.isNamed(choice, fn));
    return exact.length === 0
      ? { selected: matching, partial: 0 }
      : { selected: exact, partial: matching.length - exact.length };
  }

  /** Python's pure-Python profiler and sampler write no times for edges. */
  #edgeSort({ total, length }: Edges): SortKey {
    const hasTimes = this.summary.stacks ? this.summary.counted !== null : length === 0 || !Number.isNaN(at(total, 0));
    if (hasTimes) return 'cumtime';
    return this.graph.counts === 'calls' ? 'ncalls' : 'cumsamples';
  }

  #functionQuery(query: Query): RowQuery {
    const { metrics, functions, rows } = this.graph;
    const candidates = this.idle ? rows : rows.filter((fn) => at(functions.kind, fn) !== 'idle');
    return {
      metrics,
      functionOf: (fn) => fn,
      functions,
      names: this.names,
      candidates,
      defaultSort: ['tottime'],
      query,
    };
  }

  #select(rowQuery: RowQuery): FunctionResult {
    const { kept, matched, sort } = this.#sort(rowQuery);
    const rows = kept.map((item) => this.#row(item, rowQuery));
    return { rows, matched, of: rowQuery.candidates.length, sort };
  }

  #sort(rowQuery: RowQuery) {
    const { metrics, functionOf, functions, candidates, defaultSort, query } = rowQuery;
    const sort =
      query.sort === undefined || query.sort.length === 0 ? defaultSort : parseSortKeys(query.sort, this.graph.counts);
    const keep = parseFilter<FunctionIndex>(query, (pattern, fn) => rowQuery.names.matches(pattern, fn));
    const matched = Array.from(candidates).filter((item) => keep(functionOf(item)));
    const sorting = { keys: sort, reverse: query.reverse ?? false, count: applyLimit(query.limit, matched.length) };
    const kept = firstSorted(matched, { metrics, functionOf, functions }, sorting);
    return { kept, matched: matched.length, sort };
  }

  #row(item: number, { metrics, functionOf, functions, names }: RowQuery): FunctionRow {
    const { unit, counts } = this.graph;
    const fn = functionOf(item);
    const { kind, name, file, line, column, generated } = describeFunction(functions, fn);
    // Field by field: spreading them takes four times as long, for thousands of rows.
    return {
      function: fn,
      kind,
      name,
      file,
      line,
      column,
      ...(generated === undefined ? {} : { generated }),
      shownName: names.label(fn),
      shownPlace: names.place(fn),
      self: knownOrNull(at(metrics.self, item) * unit),
      total: knownOrNull(at(metrics.total, item) * unit),
      selfCount: knownOrNull(at(metrics.selfCount, item)),
      totalCount: knownOrNull(at(metrics.totalCount, item)),
      ...(counts === 'calls' ? { selfError: null, totalError: null } : relativeErrors(metrics, item)),
    };
  }

  readonly #testOf = (pattern: PatternLike) => {
    const parsed = parsePattern(pattern);
    return (fn: FunctionIndex) => this.names.matches(parsed, fn);
  };
}

/** A query, the items it selects from, and how to display them. */
interface RowQuery {
  readonly metrics: Metrics;
  readonly functionOf: (item: number) => FunctionIndex;
  readonly functions: FunctionTable;
  readonly names: RowNames;
  readonly candidates: ArrayLike<number>;
  readonly defaultSort: readonly SortKey[];
  readonly query: Query;
}

/** Groups of edges profiles have no totals, so they cannot be sorted by them. */
function rejectUnknownTotals({ total }: Metrics, { sort = [] }: Query, counts: 'samples' | 'calls'): void {
  if (total.length === 0 || !Number.isNaN(at(total, 0))) return;
  const key = parseSortKeys(sort, counts).find((each) => each === 'cumtime' || each === 'cumpercall');
  if (key !== undefined) throw untimedSortKey(key);
}
