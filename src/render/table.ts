/** A view as a screen for people: what it is of, the rows, and what is not shown. */

import Table from 'cli-table3';
import { plural } from '../text.ts';
import type { RelationViewRow, View } from '../view/views.ts';
import { type Column, columnsFor, isNoise, type Rank } from './columns.ts';
import { footerLines, nothing } from './footer.ts';
import { headerLines } from './header.ts';
import { linked } from './link.ts';
import { GAP, INDENT, type LinkingTheme, NameColumn, type Needs, needsOf, type RowLine } from './name-column.ts';
import { type ColorLevel, themeFor } from './theme.ts';
import { widest, wrap } from './width.ts';

export interface TableOptions {
  /** Width of the terminal; null for no limit, as in a file or a pipe. */
  readonly columns: number | null;
  readonly color: ColorLevel;
  /** Whether the terminal opens links. */
  readonly links: boolean;
}

/** The whole screen, with a newline at its end. */
export function renderTable(view: View, { columns, color, links }: TableOptions): string {
  const { table, dropped } = rowsAsText(view, { ...themeFor(color), link: links ? linked : (text) => text }, columns);
  const footer = footerLines(view, dropped).flatMap((line) => (columns === null ? [line] : wrap(line, columns)));
  return `${[...headerLines(view.profile, columns), '', ...table, '', ...footer].join('\n').trimEnd()}\n`;
}

/** A line of the table: a row, or words that stand where a row's name would. */
type Line = RowLine | string;

function linesOf(view: View): Line[] {
  if (view.view === 'functions') return view.rows.map((row) => ({ row, outer: null }));
  const word = view.view;
  return view.rows.flatMap((outer, i) => [...(i === 0 ? [] : ['']), ...groupLines(outer, word)]);
}

function groupLines(outer: RelationViewRow, word: 'callers' | 'callees'): Line[] {
  const rows = outer.edges.map((row) => ({ row, outer }));
  const unseen = notSeen(outer, word);
  return [{ row: outer, outer: null }, ...rows, ...(unseen === null ? [] : [INDENT + unseen])];
}

/** What to say of the inner rows that are not there. */
function notSeen({ edges, matchedEdges, ofEdges }: RelationViewRow, word: 'callers' | 'callees'): string | null {
  if (ofEdges === 0) return `no ${word}`;
  if (matchedEdges === 0) return `none of its ${plural(ofEdges, word.slice(0, -1))} matches`;
  const hidden = matchedEdges - edges.length;
  return hidden === 0 ? null : `… ${plural(hidden, `more ${word.slice(0, -1)}`)}`;
}

interface FittedTable {
  readonly table: readonly string[];
  /** columns that found no room */
  readonly dropped: readonly Column[];
}

function rowsAsText(view: View, theme: LinkingTheme, columns: number | null): FittedTable {
  const lines = linesOf(view);
  const rows = lines.filter((line) => typeof line !== 'string');
  if (rows.length === 0) return { table: [nothing(view)], dropped: [] };
  const all = columnsFor(view).map((column) => filled(column, lines));
  const { kept, room } = fitColumns(all, needsOf(rows, view), columns);
  const names = new NameColumn(rows, view, room);
  const rowCells = lines.map((line, i) => {
    const noise = typeof line !== 'string' && isNoise(line.row, view);
    const numbers = kept.map(({ cells }) => (noise ? theme.noise : theme.plain)(cells[i] ?? ''));
    return [...numbers, typeof line === 'string' ? theme.quiet(line) : names.cell(line, noise, theme)];
  });
  const titles = [0, 1].map((i) => [...kept.map(({ column }) => column.title[i] ?? ''), i === 0 ? '' : names.title]);
  const widths = kept.map((column) => column.width);
  const dropped = all.filter((candidate) => !kept.includes(candidate)).map(({ column }) => column);
  return { table: [...drawn(titles, widths).map((line) => theme.title(line)), ...drawn(rowCells, widths)], dropped };
}

interface FilledColumn {
  readonly column: Column;
  readonly cells: readonly string[];
  readonly width: number;
}

function filled(column: Column, lines: readonly Line[]): FilledColumn {
  const cells = lines.map((line) => (typeof line === 'string' ? '' : column.cell(line.row, line.outer)));
  return { column, cells, width: Math.max(widest(column.title), widest(cells)) };
}

/** Room for names and places that is worth leaving out conveniences for. */
const READABLE = 46;

/** A narrower terminal than this is treated as this wide: nothing is readable in it anyway. */
const LEAST_ROOM = 12;

/** The columns that leave names and file names the room they need. */
function fitColumns(all: readonly FilledColumn[], needs: Needs, columns: number | null) {
  if (columns === null) return { kept: all, room: Number.POSITIVE_INFINITY };
  let kept = all;
  const room = () => columns - kept.reduce((sum, each) => sum + each.width + GAP.length, 0);
  const leaveOut = (rank: Rank) => {
    kept = kept.filter(({ column }) => column.rank !== rank);
  };
  const conveniences = all.map(({ column }) => column.rank).filter((rank) => typeof rank === 'number');
  for (const rank of new Set(conveniences.sort((a, b) => b - a))) {
    if (room() < Math.min(needs.names, READABLE)) leaveOut(rank);
  }
  if (room() < needs.fileNames) leaveOut('second');
  return { kept, room: Math.max(room(), LEAST_ROOM) };
}

/** cli-table3 compares each cell with every row before it. Drawn in parts of this size, long tables take linear time. */
const ROWS_AT_ONCE = 100;

/** The cells as lines: columns of numbers to the right, in the widths given, and a last one to the left. */
function drawn(rows: readonly string[][], widths: readonly number[]): string[] {
  const lines: string[] = [];
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const table = borderless(widths);
    table.push(...rows.slice(start, start + ROWS_AT_ONCE));
    for (const line of table.toString().split('\n')) lines.push(line.trimEnd());
  }
  return lines;
}

function borderless(widths: readonly number[]) {
  const edges = ['top', 'bottom', 'left', 'right', 'mid'].flatMap((edge) => [edge, `${edge}-mid`]);
  const corners = ['top-left', 'top-right', 'bottom-left', 'bottom-right'];
  return new Table({
    chars: { ...Object.fromEntries([...edges, ...corners].map((name) => [name, ''])), middle: GAP },
    // cli-table3 colours heads and borders by itself, even into a pipe.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: [...widths.map(() => 'right' as const), 'left'],
    colWidths: [...widths],
  });
}
