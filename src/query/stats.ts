/** Questions about a profile, and their answers as values. */

import { type CallGraph, callGraph, type Figures } from '../model/call-graph.ts';
import type { Count } from '../model/count.ts';
import { at, type FunctionIndex, type FunctionKind, functionAt } from '../model/function-table.ts';
import type { Profile } from '../model/profile.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import { keptRows, type Limit } from './limit.ts';
import { type Pattern, type PatternLike, parsePattern } from './pattern.ts';
import { type PathStyle, shownFiles, shownName, shownPlaces, standardName } from './places.ts';
import { parseSortKeys, type SortKey, sorted } from './sort-keys.ts';
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
  readonly count: Count | null;
  /** samples anywhere on the stack, or calls that were not recursive */
  readonly subcount: Count | null;
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
  readonly profile: Profile;
  readonly graph: CallGraph;
  readonly summary: ProfileSummary;
  readonly #shownFiles: readonly string[];
  readonly #shownPlaces: readonly string[];
  readonly #idle: boolean;

  constructor(profile: Profile, options: StatsOptions = {}) {
    this.profile = profile;
    this.graph = callGraph(profile);
    this.#idle = options.idle ?? false;
    this.summary = summarize(profile, this.graph, this.#idle);
    this.#shownFiles = shownFiles(this.graph.functions, options.paths ?? 'short');
    this.#shownPlaces = shownPlaces(this.graph.functions, this.#shownFiles);
  }

  /** Functions, hottest first. Throws PstatError (`query`, `missing-data`). */
  functions(query: Query = {}): FunctionResult {
    const { figures } = this.graph;
    const all = this.#rows();
    return this.#answer({ figures, functionOf: (fn) => fn, things: all, defaultSort: ['tottime'], query });
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
    const { edges } = this.graph;
    const { filter, exclude, ...outer } = query;
    const edgesOf = edgesByFunction(ends.near);
    const answer = this.#answer({
      figures: this.graph.figures,
      functionOf: (fn) => fn,
      things: this.#rows(),
      defaultSort: ['tottime'],
      query: { ...outer, filter: [pattern] },
    });
    const rows = answer.rows.map((row) => ({
      ...row,
      edges: this.#answer({
        figures: edges,
        functionOf: (edge) => at(ends.far, edge),
        things: edgesOf.get(row.function) ?? [],
        defaultSort: this.#edgesHaveTimes() ? ['cumtime'] : ['ncalls'],
        query,
      }),
    }));
    return { ...answer, rows };
  }

  /** The pure-Python profiler counts calls per caller and times none. */
  #edgesHaveTimes(): boolean {
    const { total, length } = this.graph.edges;
    return length === 0 || !Number.isNaN(at(total, 0));
  }

  #rows(): Int32Array {
    const { rows, functions } = this.graph;
    return this.#idle ? rows : rows.filter((fn) => at(functions.kind, fn) !== 'idle');
  }

  #answer({ figures, functionOf, things, defaultSort, query }: Question): FunctionResult {
    const { functions, counts } = this.graph;
    const sort = query.sort === undefined || query.sort.length === 0 ? defaultSort : parseSortKeys(query.sort, counts);
    const keep = this.#filter(query);
    const matched = Array.from(things).filter((thing) => keep(functionOf(thing)));
    const order = sorted(matched, { figures, functionOf, functions }, sort, query.reverse ?? false);
    const kept = order.slice(0, keptRows(query.limit, order.length));
    return {
      rows: kept.map((thing) => this.#row(functionOf(thing), figures, thing)),
      matched: matched.length,
      of: things.length,
      sort,
    };
  }

  #filter({ filter = [], exclude = [] }: Query): (fn: FunctionIndex) => boolean {
    const wanted = filter.map(parsePattern);
    const unwanted = exclude.map(parsePattern);
    if (wanted.length + unwanted.length === 0) return () => true;
    return (fn) => {
      const names = this.#namesOf(fn);
      return (
        wanted.every((pattern) => matchesAny(pattern, names)) && !unwanted.some((pattern) => matchesAny(pattern, names))
      );
    };
  }

  /** What patterns see: `file:line(name)` as written, and as shown. */
  #namesOf(fn: FunctionIndex): readonly string[] {
    const { functions } = this.graph;
    const file = at(this.#shownFiles, fn);
    const name = shownName(functions, fn);
    return [standardName(functions, fn), file === '' ? name : `${file}:${at(functions.line, fn)}(${name})`];
  }

  #row(fn: FunctionIndex, figures: Figures, thing: number): FunctionRow {
    const { functions, unit } = this.graph;
    const { kind, name, file, line, column } = functionAt(functions, fn);
    return {
      function: fn,
      kind,
      name,
      shownName: shownName(functions, fn),
      file: file === '' ? null : file,
      shownPlace: at(this.#shownPlaces, fn) || null,
      line: line === 0 ? null : line,
      column: column === 0 ? null : column,
      self: known(at(figures.self, thing) * unit),
      total: known(at(figures.total, thing) * unit),
      count: known(at(figures.count, thing)),
      subcount: known(at(figures.subcount, thing)),
    };
  }
}

interface Question {
  readonly figures: Figures;
  readonly functionOf: (thing: number) => FunctionIndex;
  readonly things: ArrayLike<number>;
  readonly defaultSort: readonly SortKey[];
  readonly query: Query;
}

function edgesByFunction(near: Int32Array): ReadonlyMap<FunctionIndex, number[]> {
  const edges = new Map<FunctionIndex, number[]>();
  near.forEach((fn, edge) => {
    const known = edges.get(fn);
    if (known === undefined) edges.set(fn, [edge]);
    else known.push(edge);
  });
  return edges;
}

function matchesAny(pattern: Pattern, names: readonly string[]): boolean {
  return names.some(pattern);
}

function known<T extends Count>(figure: T): T | null {
  return Number.isNaN(figure) ? null : figure;
}
