/** `pstat tree`. */

import { areFew } from '../../base/few-samples.ts';
import { pluralize } from '../../base/text.ts';
import { amountScalePair, formatCount, formatPercent, formatTime } from '../../base/units.ts';
import type { ChainFrame } from '../../view/node-row.ts';
import type { Omitted, TreeView, TreeViewRow } from '../../view/tree-view.ts';
import { isGrouped } from '../../view/views.ts';
import { jsonText } from '../json.ts';
import { notesJson, reportNotes } from '../profile-notes.ts';
import { dataColumns, line, type Report, type ReportColumn, type ReportRow, shownColumnsOf } from '../report.ts';
import { emptyTreeMessage } from './empty-message.ts';
import { formatError, NOISE_NOTE } from './function-columns.ts';
import { profileJson, rowJson } from './functions.ts';
import { nodeLabel } from './node-label.ts';
import { profileHeading } from './profile-heading.ts';

/** What to write to see all rows, on a command line. */
const SHOW_ALL = '--limit 0 --min 0%';

/** @param showAll what to write to see all rows */
export function treeReport(view: TreeView, showAll = SHOW_ALL): Report {
  const lines = treeLines(view);
  return {
    heading: profileHeading(view.profile),
    columns: [...peopleColumns(view, lines), ...programColumns(view, lines)],
    lines: lines.map((each) => reportRow(each, view)),
    names: { name: view.by, place: isGrouped(view.by) ? null : 'file:line', room: 46 },
    emptyMessage: view.omitted === null ? emptyTreeMessage(view) : 'No row has so much of the time.',
    notes: reportNotes(view.notes),
    closing: closingLines(view, lines, showAll).map((text) => line(text)),
    exitCode: isUnmatched(view) ? 1 : 0,
  };
}

// ---- lines ---------------------------------------------------------------------------------------------------------

/** A row, or siblings that are not rows, with the figures that they have together. */
export interface TreeLine {
  /** The row, or null for omitted siblings. */
  readonly row: TreeViewRow | null;
  readonly omitted: Omitted | null;
  readonly depth: number;
  /** index among the rows */
  readonly parent: number | null;
  /** Whether a line follows below at the depths above this one and at this one: the last ones, without depth 1. */
  readonly continues: readonly boolean[];
}

/** The rows, each followed by what is below it, and omitted siblings after the last one that is shown. */
export function treeLines({ rows, omitted }: TreeView): TreeLine[] {
  const lines: TreeLine[] = [];
  // The siblings at each depth of the path to the current row that are still to come, omitted ones as one.
  const open: { left: number; omitted: Omitted | null; parent: number | null }[] = [];
  const outermost = rows.filter(({ depth }) => depth === 1).length;
  if (outermost > 0) open.push({ left: outermost + Number(omitted !== null), omitted, parent: null });
  const closeUntil = (depth: number) => {
    for (let level = open.at(-1); level !== undefined && open.length > depth; level = open.at(-1)) {
      if (level.left > 0) add(null, level);
      open.pop();
    }
  };
  const add = (row: TreeViewRow | null, level: (typeof open)[number]) => {
    level.left--;
    // Not of all depths: a comb of rows is as deep as it is long.
    const shown = open.slice(Math.max(1, open.length - MAX_BRANCHES - 1));
    const continues = shown.map(({ left }) => left > 0);
    lines.push({
      row,
      omitted: row === null ? level.omitted : null,
      depth: open.length,
      parent: level.parent,
      continues,
    });
  };
  rows.forEach((row, i) => {
    closeUntil(row.depth);
    const level = open.at(-1);
    if (level !== undefined) add(row, level);
    if (row.children > 0)
      open.push({ left: row.children + Number(row.omitted !== null), omitted: row.omitted, parent: i });
  });
  closeUntil(0);
  return lines;
}

function reportRow(each: TreeLine, view: TreeView): ReportRow {
  const { row, omitted } = each;
  const isQuiet = row === null || areFew(row.cumsamples);
  const label = row === null ? omittedText(omitted) : labelOf(row, view);
  return {
    name: branches(each) + label,
    label,
    place: row?.place ?? '',
    file: row?.file ?? null,
    style: isQuiet ? 'noise' : isHot(row, view) ? 'strong' : 'plain',
    depth: each.depth,
  };
}

/** Deeper rows are not indented further: their names would find no room. */
const MAX_BRANCHES = 12;

function branches({ depth, continues }: TreeLine): string {
  if (depth === 1) return '';
  // The outermost rows are not connected.
  const shown = continues.slice(0, -1).map((isOpen) => (isOpen ? '│ ' : '  '));
  const cut = depth - 2 - shown.length;
  return `${cut === 0 ? '' : `+${cut} `}${shown.join('')}${continues.at(-1) === true ? '├ ' : '└ '}`;
}

function omittedText(omitted: Omitted | null): string {
  return `… ${formatCount(omitted?.rows ?? 0)} more`;
}

/** A row that ends in … has children, and none of them is a row. */
function labelOf(row: TreeViewRow, { inverted }: TreeView): string {
  const opens = row.children === 0 && row.omitted !== null ? ' …' : '';
  return nodeLabel(row, inverted) + opens;
}

/** Rows with so much of the time in themselves stand out. */
const MIN_HOT_SHARE = 0.05;

function isHot({ tottime }: TreeViewRow, { profile }: TreeView): boolean {
  return tottime !== null && profile.shareOf !== null && tottime >= MIN_HOT_SHARE * profile.shareOf;
}

// ---- columns -------------------------------------------------------------------------------------------------------

function peopleColumns(view: TreeView, lines: readonly TreeLine[]): ReportColumn[] {
  const cumtimes = lines.map(cumtimeOf);
  const ownTimes = lines.map(({ row }) => row?.tottime ?? null);
  const [own, scale] = amountScalePair(ownTimes, cumtimes, view.profile.unit);
  // In an inverted tree a row has the tottime of the hot function, and its own part are stacks that begin with it.
  const words = view.inverted
    ? { cumtime: 'tottime', tottime: 'outermost' }
    : { cumtime: 'cumtime', tottime: 'tottime' };
  const mark = ({ row, parent }: TreeLine) => ((row?.estimated ?? (view.estimated && parent !== null)) ? '~' : '');
  const { shareOf, stacks } = view.profile;
  const column = shownColumnsOf(lines);
  const ofRow = (cell: (row: TreeViewRow) => string) => (each: TreeLine) => (each.row === null ? '' : cell(each.row));
  return [
    column([words.cumtime, scale.unit], (each) => mark(each) + formatTime(cumtimeOf(each), scale)),
    column(['', '%'], (each) => formatPercent(cumtimeOf(each), shareOf), {
      name: `% of ${words.cumtime}`,
      priority: 1,
    }),
    column(
      [words.tottime, own.unit],
      (each) => (each.row === null ? '' : mark(each) + formatTime(each.row.tottime, own)),
      { priority: view.inverted ? 3 : 'second' },
    ),
    ...(stacks
      ? [
          column(
            ['', '±% '],
            ofRow((row) => formatError(row.cumtimeError ?? null, areFew(row.cumsamples))),
            { priority: 3 },
          ),
          column(
            ['', 'cumsamples'],
            ofRow(({ cumsamples }) => formatCount(cumsamples ?? null)),
            { priority: 4 },
          ),
        ]
      : []),
  ];
}

function cumtimeOf({ row, omitted }: TreeLine): number | null {
  return (row === null ? omitted?.cumtime : row.cumtime) ?? null;
}

/** `row` and `parent` connect the lines; a line of omitted siblings has no function. */
function programColumns({ rows, profile }: TreeView, lines: readonly TreeLine[]): ReportColumn[] {
  const indexOf = new Map(rows.map((row, i) => [row, i]));
  return dataColumns(lines, {
    row: ({ row }) => (row === null ? null : (indexOf.get(row) ?? null)),
    parent: ({ parent }) => parent,
    name: ({ row }) => row?.name ?? null,
    file: ({ row }) => row?.file ?? null,
    line: ({ row }) => row?.line ?? null,
    column: ({ row }) => row?.column ?? null,
    [`tottime_${profile.unit}`]: ({ row }) => row?.tottime ?? null,
    [`cumtime_${profile.unit}`]: cumtimeOf,
    samples: ({ row }) => row?.samples ?? null,
    cumsamples: ({ row }) => row?.cumsamples ?? null,
    frames: ({ row }) => (row === null ? null : (row.folded?.frames ?? row.chain?.length ?? 1)),
    omitted: ({ omitted }) => omitted?.rows ?? null,
    estimated: ({ row }) => row?.estimated ?? null,
  });
}

// ---- messages ------------------------------------------------------------------------------------------------------

/** A pattern or a window that leaves nothing matches nothing; an empty profile is an answer. */
function isUnmatched({ rows, omitted, rooted, profile }: TreeView): boolean {
  return rows.length === 0 && omitted === null && (rooted || (profile.excluded ?? 0) > 0);
}

function closingLines(view: TreeView, lines: readonly TreeLine[], showAll: string): string[] {
  const { rows, omitted } = view;
  if (rows.length === 0 && omitted === null) return [];
  const cut = lines.some(({ row }) => row === null) || rows.some((row) => row.omitted !== null) || omitted !== null;
  const marks = [
    ...(rows.some(({ folded }) => folded !== null) ? ['[frames] are folded'] : []),
    ...(view.estimated ? ['~ is estimated: a profile of edges has no stacks'] : []),
    ...(!view.estimated && rows.some(({ cumsamples }) => areFew(cumsamples)) ? [NOISE_NOTE] : []),
  ];
  const all = cut ? `; … was cut, ${showAll} shows all` : '';
  return [[`${pluralize(rows.length, 'row')} by ${view.inverted ? 'tottime' : 'cumtime'}${all}`, ...marks].join('; ')];
}

// ---- JSON -----------------------------------------------------------------------------------------------------------

export function treeJson(view: TreeView): string {
  const { inverted, omitted, rows } = view;
  return jsonText({
    view: view.view,
    head: { profile: profileJson(view), inverted, estimated: view.estimated, omitted: omittedJson(omitted) },
    rows: rows.map(treeRowJson),
    matched: rows.length,
    notes: notesJson(view.notes),
  });
}

function treeRowJson(row: TreeViewRow) {
  const { parent, chain, folded, omitted, estimated } = row;
  return {
    ...rowJson(row),
    parent,
    omitted: omittedJson(omitted),
    chain: chain?.map(frameJson),
    folded: folded ?? undefined,
    estimated: estimated || undefined,
  };
}

function frameJson({ name, file, line, column }: ChainFrame) {
  return { name, file, line, column };
}

function omittedJson(omitted: Omitted | null) {
  return omitted === null ? null : { rows: omitted.rows, cumtime: omitted.cumtime };
}
