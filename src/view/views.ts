/**
 * Views: query results with every value that a renderer needs, and nothing about layout. `--json` and tables are
 * functions of a view.
 */

import { type Count, knownOrNull } from '../model/count.ts';
import type { FunctionDescription, FunctionIndex } from '../model/function-table.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import { GROUPINGS, type Grouping } from '../query/grouping.ts';
import { areLinesScaled, unknownLineShare } from '../query/lines.ts';
import type { FunctionChoice } from '../query/pattern.ts';
import { perCall, type SortKey } from '../query/sort-keys.ts';
import type {
  FunctionResult,
  FunctionRow,
  GroupRow,
  Query,
  RelationResult,
  RelationRow,
  Stats,
} from '../query/stats.ts';
import type { ProfileSummary } from '../query/summary.ts';
import type { ViewNote } from './notes.ts';

export type View = FunctionsView | RelationsView;

/** The kind of rows. */
export type RowKind = 'function' | 'owner' | Grouping;

export const ROW_KINDS: readonly RowKind[] = ['function', ...GROUPINGS, 'owner'];

/** Whether rows are groups of functions. */
export function isGrouped(by: RowKind): by is Grouping {
  return by !== 'function' && by !== 'owner';
}

interface CommonView {
  readonly profile: ProfileSummary;
  readonly by: RowKind;
  /** The sort keys of outer rows. */
  readonly sort: readonly SortKey[];
  readonly reverse: boolean;
  /** Whether --filter or --exclude was given; they select inner rows in callers and callees. */
  readonly filtered: boolean;
  /** number of rows that match, before the limit */
  readonly matched: number;
  /** number of all rows */
  readonly of: number;
  readonly notes: readonly ViewNote[];
}

/** `pstat top` */
export interface FunctionsView extends CommonView {
  readonly view: 'functions';
  /** number of rows that match and are left out because their tottime is 0 */
  readonly zeros: number;
  readonly rows: readonly ViewRow[];
}

/** `pstat callers`, `pstat callees` */
export interface RelationsView extends CommonView {
  readonly view: 'callers' | 'callees';
  /** The sort keys of inner rows. */
  readonly edgeSort: readonly SortKey[];
  readonly rows: readonly RelationViewRow[];
}

/** A row in the terms that users see: `tottime` is `self` in code, `cumtime` is `total`; for counts see Metrics. */
export interface ViewRow extends FunctionDescription {
  /** The displayed name. */
  readonly label: string;
  /** The displayed `file:line` or `file:line:column`; null for none. */
  readonly place: string | null;
  readonly tottime: Microseconds | null;
  readonly cumtime: Microseconds | null;
  /** With `--by`: number of functions in the group. */
  readonly functions?: number;
  /** With `--by line`: whether the time is scaled from the whole recording. */
  readonly estimated?: boolean;
  /** Sampled profiles. */
  readonly samples?: Count | null;
  readonly cumsamples?: Count | null;
  /** Standard error of tottime, and of cumtime, as a share of it; null without samples. */
  readonly tottimeError?: number | null;
  readonly cumtimeError?: number | null;
  /** Traced profiles. */
  readonly ncalls?: Count | null;
  readonly pcalls?: Count | null;
  /** tottime of one call, cumtime of one primitive call. */
  readonly percall?: Microseconds | null;
  readonly cumpercall?: Microseconds | null;
}

export interface RelationViewRow extends ViewRow {
  /** Inner rows: the functions at the other end, with the metrics of the edge. */
  readonly edges: readonly ViewRow[];
  /** number of inner rows that match, before the limit */
  readonly matchedEdges: number;
  /** number of all inner rows */
  readonly ofEdges: number;
}

export interface RowsOptions {
  /**
   * Whether rows without tottime are left out where rows are sorted by it, unless there are no others. All are left out
   * if the thread was idle throughout.
   * @default false
   */
  readonly hideZeros?: boolean;
}

export function functionsView(stats: Stats, query: Query, options: RowsOptions = {}): FunctionsView {
  return rowsView(withViewRows(stats.functions(query), stats), stats, { ...query, ...options });
}

/** As functionsView, with the user's own functions, which own the time of the libraries that they call. */
export function ownersView(stats: Stats, query: Query, options: RowsOptions = {}): FunctionsView {
  return { ...rowsView(withViewRows(stats.owners(query), stats), stats, { ...query, ...options }), by: 'owner' };
}

/** As functionsView, with files, packages, categories or lines as rows. */
export function groupsView(by: Grouping, stats: Stats, query: Query, options: RowsOptions = {}): FunctionsView {
  const result = stats.groups(by, query);
  const isScaled = by === 'line' && areLinesScaled(stats.profile);
  const rows = result.rows.map((row) => ({
    ...viewRow(row, stats),
    functions: row.functions,
    ...(isScaled && row.line !== null ? { estimated: true } : {}),
  }));
  const { notes, ...view } = rowsView({ ...result, rows }, stats, { ...query, ...options });
  // Rows are lines here: there are none to merge.
  const kept = by === 'line' ? notes.filter(({ code }) => code !== 'executing-lines') : notes;
  return { ...view, by, notes: [...kept, ...groupNotes(by, stats)] };
}

function withViewRows(result: FunctionResult, stats: Stats): FunctionResult<ViewRow> {
  return { ...result, rows: result.rows.map((row) => viewRow(row, stats)) };
}

function rowsView(result: FunctionResult<ViewRow>, stats: Stats, query: Query & RowsOptions): FunctionsView {
  return { view: 'functions', ...commonFields(stats, query, result), ...withoutZeros(result, stats, query) };
}

/** Rows are sorted by tottime from high to low, so the first row of 0 and all after it are left out. */
function withoutZeros(
  { rows, sort, matched }: FunctionResult<ViewRow>,
  stats: Stats,
  { hideZeros = false, reverse = false }: Query & RowsOptions,
): Pick<FunctionsView, 'rows' | 'zeros'> {
  const first = rows.findIndex(({ tottime }) => tottime === 0);
  const isSorted = sort[0] === 'tottime' && !reverse && !Array.from(stats.graph.metrics.self).some((time) => time < 0);
  const isIdle = stats.summary.counted === 0 && (stats.summary.idle ?? 0) > 0;
  if (!hideZeros || !isSorted || first < (isIdle ? 0 : 1)) return { rows, zeros: 0 };
  return { rows: rows.slice(0, first), zeros: matched - first };
}

/** A smaller share is not worth a note. */
const MIN_UNKNOWN = 0.1;

function groupNotes(by: Grouping, stats: Stats): ViewNote[] {
  if (by === 'line') {
    return [
      ...(areLinesScaled(stats.profile) ? [{ code: 'scaled-times' } as const] : []),
      ...(unknownLineShare(stats.profile) >= MIN_UNKNOWN ? [{ code: 'unknown-lines' } as const] : []),
    ];
  }
  return stats.summary.stacks ? [] : [{ code: 'groups-without-cumtime' }];
}

export interface RelationsQuestion {
  readonly pattern: FunctionChoice;
  readonly query: Query;
  /** The answer, where it is there already. */
  readonly result?: RelationResult;
}

export function relationsView(
  view: 'callers' | 'callees',
  stats: Stats,
  { pattern, query, result = stats[view](pattern, query) }: RelationsQuestion,
): RelationsView {
  const { notes, ...rest } = commonFields(stats, query, result);
  const rows = result.rows.map((row) => relationRow(row, stats));
  const edgeSort = result.rows[0]?.edges.sort ?? result.sort;
  const ownNotes = [...partialNote(pattern, result.partial), ...untimedNote(rows)];
  return { view, ...rest, edgeSort, notes: [...notes, ...ownNotes], rows };
}

function commonFields(stats: Stats, query: Query, { sort, matched, of }: FunctionResult<unknown>): CommonView {
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

export function viewRow(row: FunctionRow, stats: Stats): ViewRow {
  const { name, file, line, column, generated, kind, self, total, selfCount, totalCount } = row;
  return {
    name,
    file,
    line,
    column,
    ...(generated === undefined ? {} : { generated }),
    kind,
    label: labelOf(row, stats),
    place: row.shownPlace,
    tottime: self,
    cumtime: total,
    ...(stats.summary.counts === 'samples'
      ? {
          samples: selfCount,
          cumsamples: totalCount,
          tottimeError: row.selfError,
          cumtimeError: row.totalError,
        }
      : {
          ncalls: knownCount(selfCount),
          pcalls: knownCount(totalCount),
          percall: timePerCall(self, selfCount),
          cumpercall: timePerCall(total, totalCount),
        }),
  };
}

/** A negative count stands for one that the profiler did not know. */
function knownCount(count: Count | null): Count | null {
  return count === null || count < 0 ? null : count;
}

/** `(anonymous) in listOrders`. The `function` of a group, such as a line, is none of the profile. */
function labelOf(row: FunctionRow | GroupRow, stats: Stats): string {
  const isFunction = !('functions' in row) && row.file !== null;
  return isFunction && row.name === '' ? functionLabel(row.function, stats) : row.shownName;
}

/** As a row of functions shows it. */
export function functionLabel(fn: FunctionIndex, stats: Stats): string {
  const { functions } = stats.profile;
  const label = stats.names.label(fn);
  const enclosing = functions.name[fn] === '' && functions.file[fn] !== '' ? stats.enclosingName(fn) : null;
  return enclosing === null ? label : `${label} in ${enclosing}`;
}

function timePerCall(time: Microseconds | null, calls: Count | null): Microseconds | null {
  return time === null || calls === null ? null : knownOrNull(perCall(time, calls));
}

/** An exact name wins over a part of other names. */
function partialNote(pattern: FunctionChoice, partial: number): ViewNote[] {
  return partial === 0 ? [] : [{ code: 'partial-matches', count: partial, pattern: String(pattern) }];
}

/** The pure-Python profiler and Python 3.15's sampler write counts for edges, but no times. */
function untimedNote(rows: readonly RelationViewRow[]): ViewNote[] {
  const untimed = rows.some((row) => row.edges.some((edge) => edge.cumtime === null));
  return untimed ? [{ code: 'untimed-edges' }] : [];
}
