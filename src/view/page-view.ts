/** What the page of a report shows: every name as `pstat top` has it, and the facts that no column holds. */

import type { FunctionIndex } from '../model/function-table.ts';
import {
  type BreakdownPart,
  type ComparisonFacts,
  type PageFacts,
  type RequestsFacts,
  type ScopeFacts,
  type TextColumn,
  textColumn,
} from '../model/layout/page-facts.ts';
import type { Stats } from '../query/stats.ts';
import type { ProfileSummary } from '../query/summary.ts';
import { functionLabel } from './views.ts';

/** What only the command line knows of a profile. */
export interface ScopeQuestion {
  readonly heading: readonly string[];
  readonly notes: readonly string[];
  readonly arguments: string;
}

export interface PageQuestion extends ScopeQuestion {
  readonly title: string;
  readonly requests: RequestsFacts | null;
  readonly comparison: ComparisonFacts | null;
}

export interface PageView {
  readonly facts: PageFacts;
  readonly textColumns: ReadonlyMap<string, readonly string[]>;
}

export function pageView(stats: Stats, question: PageQuestion): PageView {
  const { counts, unit } = stats.summary;
  return {
    facts: {
      ...scopeFacts(stats, question),
      title: question.title,
      requests: question.requests,
      comparison: question.comparison,
      counts,
      unit,
      idle: stats.idle,
    },
    textColumns: textColumns(stats),
  };
}

export function scopeFacts({ summary }: Stats, { heading, notes, arguments: words }: ScopeQuestion): ScopeFacts {
  const { shareOf, duration } = summary;
  const breakdown = breakdownOf(summary);
  return { heading, notes, arguments: words, counted: shareOf, duration, breakdown, comparison: null };
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

function textColumns(stats: Stats): ReadonlyMap<string, readonly string[]> {
  const { functions } = stats.profile;
  const column = (name: TextColumn, textOf: (fn: FunctionIndex) => string) =>
    [textColumn(name), Array.from({ length: functions.length }, (_, fn) => textOf(fn))] as const;
  return new Map([
    column('label', (fn) => functionLabel(fn, stats)),
    column('place', (fn) => stats.names.place(fn) ?? ''),
    column('category', (fn) => stats.origins.categoryOf(fn)),
    column('package', (fn) => stats.origins.packageOf(fn)),
  ]);
}
