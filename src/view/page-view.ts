/** What the page of a report shows: every figure and name as `pstat top` has them. */

import { type FunctionIndex, type FunctionInfo, functionAt } from '../model/function-table.ts';
import {
  type BreakdownPart,
  FIGURE_COLUMNS,
  type FigureColumn,
  figureColumn,
  type PageFacts,
  type TextColumn,
  textColumn,
} from '../model/layout/page-facts.ts';
import type { FunctionRow, Stats } from '../query/stats.ts';
import type { ProfileSummary } from '../query/summary.ts';
import { functionLabel } from './views.ts';

/** What only the command line knows. */
export interface PageQuestion {
  readonly title: string;
  readonly heading: readonly string[];
  readonly notes: readonly string[];
  readonly arguments: string;
}

export interface PageView {
  readonly facts: PageFacts;
  readonly columns: ReadonlyMap<string, ArrayLike<number>>;
  readonly textColumns: ReadonlyMap<string, readonly string[]>;
}

export function pageView(stats: Stats, question: PageQuestion): PageView {
  const { summary } = stats;
  return {
    facts: {
      ...question,
      counts: summary.counts,
      unit: summary.unit,
      counted: summary.shareOf,
      breakdown: breakdownOf(summary),
      idle: stats.idle,
    },
    columns: figureColumns(stats),
    textColumns: textColumns(stats),
  };
}

function breakdownOf(summary: ProfileSummary): BreakdownPart[] {
  const { counted, idle, excluded, beforeFirstSample, afterLastSample, queued, isUndisturbed } = summary;
  const parts = [
    { name: 'before the first sample', time: beforeFirstSample },
    { name: isUndisturbed ? 'undisturbed' : 'counted', time: counted },
    { name: 'without a processor', time: isUndisturbed ? queued : 0 },
    { name: 'idle', time: idle },
    { name: 'excluded by filters', time: excluded },
    { name: 'after the last sample', time: afterLastSample },
  ];
  return parts.flatMap(({ name, time }) => (time === null || time === 0 ? [] : [{ name, time }]));
}

const FIGURES: Readonly<Record<FigureColumn, (row: FunctionRow) => number | bigint | null>> = {
  function: (row) => row.function,
  tottime: (row) => row.self,
  cumtime: (row) => row.total,
  selfCount: (row) => row.selfCount,
  totalCount: (row) => row.totalCount,
  selfError: (row) => inHundredths(row.selfError),
  totalError: (row) => inHundredths(row.totalError),
};

/** Hundredths of a percent, 0 if not known: more digits of an error mean nothing, and take most of the space. */
function inHundredths(error: number | null): number {
  return Math.round((error ?? 0) * 1e4);
}

function figureColumns(stats: Stats): ReadonlyMap<string, ArrayLike<number>> {
  const { rows } = stats.functions({ limit: 0 });
  const figure = (name: FigureColumn) => rows.map((row) => Number(FIGURES[name](row) ?? Number.NaN));
  return new Map(FIGURE_COLUMNS.map((name) => [figureColumn(name), figure(name)]));
}

function textColumns(stats: Stats): ReadonlyMap<string, readonly string[]> {
  const { functions } = stats.profile;
  const column = (name: TextColumn, textOf: (info: FunctionInfo, fn: FunctionIndex) => string) =>
    [
      textColumn(name),
      Array.from({ length: functions.length }, (_, fn) => textOf(functionAt(functions, fn), fn)),
    ] as const;
  return new Map([
    column('label', (_, fn) => functionLabel(fn, stats)),
    column('place', (_, fn) => stats.names.place(fn) ?? ''),
    column('category', (info) => stats.origins.categoryOf(info)),
    column('package', (info) => stats.origins.packageOf(info)),
  ]);
}
