/** What a comparison shows of each function, and how. */

import type { Change, ComparedFunction, Comparison, Verdict } from '../compare/comparison.ts';
import {
  duration,
  pairedTimeScales,
  probability,
  scaledTime,
  signedCount,
  signedPercent,
  signedTime,
  type TimeScale,
} from '../units.ts';
import type { CompareView } from '../view/compare-view.ts';
import type { SheetColumn } from './sheet.ts';

/** The verdict in a word or a sign. */
export const VERDICTS: Readonly<Record<Verdict, string>> = {
  slower: 'slower',
  faster: 'faster',
  new: 'new',
  removed: 'removed',
  count: 'calls',
  noise: '~',
  unclear: '?',
  light: '',
};

export function compareColumns({ rows, comparison }: CompareView): readonly SheetColumn[] {
  const { measure, counts } = comparison;
  const changes = rows.map((row) => row[measure]);
  const [scale] = pairedTimeScales(
    changes.flatMap(({ before, after }) => [before, after]),
    changes.flatMap(({ before, after }) => [before, after]),
  );
  const cells = (cell: (row: ComparedFunction) => string) => rows.map(cell);
  const time = (value: number | null) => (value === null ? '-' : scaledTime(value, scale));
  return [
    {
      title: ['', 'verdict'],
      name: 'verdict',
      rank: 'essential',
      align: 'left',
      cells: cells(({ verdict }) => VERDICTS[verdict]),
    },
    { title: ['before', scale.unit], name: 'before', rank: 'second', cells: changes.map(({ before }) => time(before)) },
    { title: ['after', scale.unit], name: 'after', rank: 'essential', cells: changes.map(({ after }) => time(after)) },
    {
      title: ['shift', scale.unit],
      name: 'shift',
      rank: 'essential',
      cells: changes.map(({ shift }) => signedTime(shift, scale)),
    },
    { title: ['', '%'], name: '%', rank: 1, cells: changes.map(relative) },
    ...proof(comparison, changes, scale),
    {
      title: [counts, 'change'],
      name: `change of ${counts}`,
      rank: counts === 'calls' ? 'essential' : 4,
      cells: cells((row) => (row.count.delta === null ? '?' : signedCount(row.count.delta))),
    },
    ...perCall(rows, measure),
  ];
}

/** p over several runs; for one run a side, what sampling error allows. */
function proof(comparison: Comparison, changes: readonly Change[], scale: TimeScale): SheetColumn[] {
  if (changes.some(({ p }) => p !== null)) {
    return [{ title: ['', 'p'], name: 'p', rank: 2, cells: changes.map(({ p }) => probability(p)) }];
  }
  if (comparison.counts === 'calls') return [];
  const cells = changes.map(({ low, high }) =>
    low === null || high === null ? '' : `±${scaledTime((high - low) / 2, scale)}`,
  );
  return [{ title: ['sampling', 'error'], name: 'sampling error', rank: 2, cells }];
}

/** Where the number of calls changed, what one call costs tells more than all of them. */
function perCall(rows: readonly ComparedFunction[], measure: 'self' | 'total'): SheetColumn[] {
  if (!rows.some(({ status, count }) => count.changed === true && status !== 'new' && status !== 'removed')) return [];
  const cells = rows.map((row) => {
    if (row.count.changed !== true || row.status === 'new' || row.status === 'removed') return '';
    return `${each(row[measure].before, row.count.before)} → ${each(row[measure].after, row.count.after)}`;
  });
  return [{ title: ['time', 'per call'], name: 'time per call', rank: 3, cells }];
}

function each(time: number | null, calls: number | bigint | null): string {
  return time === null || calls === null || Number(calls) === 0 ? '-' : duration(time / Number(calls));
}

function relative({ shift, scaledBefore }: Change): string {
  return scaledBefore === null || scaledBefore === 0 ? '' : signedPercent(shift, scaledBefore);
}
