/**
 * Answers, ready to be written: every value that a rendering needs and nothing about how it looks. A view is what
 * `--json` prints and what a table shows; both are functions of it.
 */

import type { Count } from '../model/count.ts';
import type { FunctionKind } from '../model/function-table.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import type { Grouping } from '../query/grouping.ts';
import type { PatternLike } from '../query/pattern.ts';
import { perCall, type SortKey } from '../query/sort-keys.ts';
import type { FunctionResult, FunctionRow, Query, RelationRow, Stats } from '../query/stats.ts';
import type { ProfileSummary } from '../query/summary.ts';

export type View = FunctionsView | RelationsView;

/** What a row is. */
export type RowKind = 'function' | Grouping;

interface CommonView {
  readonly profile: ProfileSummary;
  readonly by: RowKind;
  /** What the outer rows are sorted by. */
  readonly sort: readonly SortKey[];
  readonly reverse: boolean;
  /** Whether --filter or --exclude chose among the rows (in callers and callees: among the inner ones). */
  readonly filtered: boolean;
  /** rows that match, before the limit */
  readonly matched: number;
  /** rows there are */
  readonly of: number;
  readonly notes: readonly string[];
}

/** `pstat top` */
export interface FunctionsView extends CommonView {
  readonly view: 'functions';
  readonly rows: readonly ViewRow[];
}

/** `pstat callers`, `pstat callees` */
export interface RelationsView extends CommonView {
  readonly view: 'callers' | 'callees';
  /** What the inner rows are sorted by. */
  readonly edgeSort: readonly SortKey[];
  readonly rows: readonly RelationViewRow[];
}

/** The words that users see: `tottime` is the code's self, `cumtime` its total. */
export interface ViewRow {
  /** As written. */
  readonly name: string;
  /** As written; null for none. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly kind: FunctionKind;
  /** As shown on a screen. */
  readonly label: string;
  /** `file:line`, or `file:line:column`, as shown on a screen; null for none. */
  readonly place: string | null;
  readonly tottime: Microseconds | null;
  readonly cumtime: Microseconds | null;
  /** With `--by`: functions in the group. */
  readonly functions?: number;
  /** Sampled profiles. */
  readonly samples?: Count | null;
  readonly cumsamples?: Count | null;
  /** Traced profiles. */
  readonly ncalls?: Count | null;
  readonly pcalls?: Count | null;
  /** tottime of one call, cumtime of one primitive call. */
  readonly percall?: Microseconds | null;
  readonly cumpercall?: Microseconds | null;
}

export interface RelationViewRow extends ViewRow {
  /** Inner rows: the functions at the other end, with the figures of the edge alone. */
  readonly edges: readonly ViewRow[];
  /** inner rows that match, before the limit */
  readonly matchedEdges: number;
  /** inner rows there are */
  readonly ofEdges: number;
}

export function functionsView(stats: Stats, query: Query): FunctionsView {
  const answer = stats.functions(query);
  return {
    view: 'functions',
    ...commonFields(stats, query, answer),
    rows: answer.rows.map((row) => viewRow(row, stats)),
  };
}

/** As functionsView, with files, packages or categories for rows. */
export function groupsView(by: Grouping, stats: Stats, query: Query): FunctionsView {
  const answer = stats.groups(by, query);
  const { notes, ...rest } = commonFields(stats, query, answer);
  const rows = answer.rows.map((row) => ({ ...viewRow(row, stats), functions: row.functions }));
  return { view: 'functions', ...rest, by, notes: [...notes, ...groupNotes(stats)], rows };
}

function groupNotes(stats: Stats): string[] {
  return stats.summary.stacks ? [] : ['groups have no cumtime here: the profile knows pairs of functions, not stacks'];
}

export function relationsView(
  view: 'callers' | 'callees',
  stats: Stats,
  { pattern, query }: { readonly pattern: PatternLike; readonly query: Query },
): RelationsView {
  const answer = stats[view](pattern, query);
  const { notes, ...rest } = commonFields(stats, query, answer);
  const rows = answer.rows.map((row) => relationRow(row, stats));
  const edgeSort = answer.rows[0]?.edges.sort ?? answer.sort;
  return { view, ...rest, edgeSort, notes: [...notes, ...untimedNote(rows)], rows };
}

function commonFields(stats: Stats, query: Query, { sort, matched, of }: FunctionResult): CommonView {
  const { reverse = false, filter = [], exclude = [] } = query;
  const filtered = filter.length + exclude.length > 0;
  return { profile: stats.summary, by: 'function', sort, reverse, filtered, matched, of, notes: stats.summary.notes };
}

function relationRow(row: RelationRow, stats: Stats): RelationViewRow {
  return {
    ...viewRow(row, stats),
    edges: row.edges.rows.map((edge) => viewRow(edge, stats)),
    matchedEdges: row.edges.matched,
    ofEdges: row.edges.of,
  };
}

function viewRow(row: FunctionRow, stats: Stats): ViewRow {
  const { name, file, line, column, kind, self, total, selfCount: count, totalCount: subcount } = row;
  return {
    name,
    file,
    line,
    column,
    kind,
    label: row.shownName,
    place: row.shownPlace,
    tottime: self,
    cumtime: total,
    ...(stats.summary.counts === 'samples'
      ? { samples: count, cumsamples: subcount }
      : {
          ncalls: count,
          pcalls: subcount,
          percall: timePerCall(self, count),
          cumpercall: timePerCall(total, subcount),
        }),
  };
}

function timePerCall(time: Microseconds | null, calls: Count | null): Microseconds | null {
  const result = time === null || calls === null ? Number.NaN : perCall(time, calls);
  return Number.isNaN(result) ? null : result;
}

/** The pure-Python profiler and Python 3.15's sampler write how often, and no times. */
function untimedNote(rows: readonly RelationViewRow[]): string[] {
  const untimed = rows.some((row) => row.edges.some((edge) => edge.cumtime === null));
  return untimed ? ['the file counts per caller and has no times for them: ? marks those'] : [];
}
