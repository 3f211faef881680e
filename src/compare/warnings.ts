/** What may be wrong with the runs themselves, whatever the numbers say. */

import type { Stats } from '../query/stats.ts';
import { recordedAt, routeOf } from '../recording-names.ts';
import { plural } from '../text.ts';
import { duration } from '../units.ts';
import type { ComparedSide, Comparison } from './comparison.ts';
import { median } from './median.ts';

export function warningsFor(
  comparison: Omit<Comparison, 'notes'>,
  before: readonly Stats[],
  after: readonly Stats[],
): string[] {
  return [
    ...tooFew(comparison),
    ...drift(before, after),
    ...dependence(before, after),
    ...intervals(before, after),
    ...outliers('before', comparison.before),
    ...outliers('after', comparison.after),
    ...starved('before', before),
    ...starved('after', after),
  ];
}

function tooFew({ before, after, family, whole, counts }: Omit<Comparison, 'notes'>): string[] {
  const sides = `${before.runs.length} v ${after.runs.length} runs`;
  if (before.runs.length === 1 && after.runs.length === 1) {
    const calls = counts === 'calls' ? '; counts of calls are exact' : '; intervals hold sampling error only';
    return [`one run a side says nothing about noise${calls}: record ${family.runsNeeded} a side, in turn`];
  }
  if (whole.p === null)
    return [`${sides} can never tell a change from noise at 5%: record ${family.runsNeeded} a side, in turn`];
  if (family.size > 0 && family.smallestP > family.level / family.size) {
    return [
      `${sides} can tell the whole, and hardly one function among ${family.size}: record ${family.runsNeeded} a side`,
    ];
  }
  return [];
}

function drift(before: readonly Stats[], after: readonly Stats[]): string[] {
  const times = [before, after].map((side) => side.map((run) => recordedAt(run.summary.sources[0] ?? '')));
  const [first = [], second = []] = times;
  if (first.length < 2 || second.length < 2) return [];
  const known = (side: readonly (number | null)[]) => side.filter((time) => time !== null);
  if (known(first).length !== first.length || known(second).length !== second.length) return [];
  const apart =
    Math.max(...known(first)) < Math.min(...known(second)) || Math.max(...known(second)) < Math.min(...known(first));
  return apart
    ? [
        'the sides were recorded one after the other: what the machine did meanwhile is in the difference; record them in turn',
      ]
    : [];
}

function dependence(before: readonly Stats[], after: readonly Stats[]): string[] {
  const isRequest = (run: Stats) => routeOf(run.summary.sources[0] ?? '') !== null;
  if (before.length + after.length < 3 || ![...before, ...after].every(isRequest)) return [];
  return [
    'requests to one process share its warm caches and its luck: they are not independent runs, and p is too small',
  ];
}

function intervals(before: readonly Stats[], after: readonly Stats[]): string[] {
  const [first, second] = [before, after].map((side) => median(side.flatMap(({ summary }) => summary.interval ?? [])));
  if (first === undefined || second === undefined || !(first > 0) || !(second > 0)) return [];
  if (Math.max(first, second) / Math.min(first, second) < 1.2) return [];
  return [
    `samples were taken every ${duration(first)} before and every ${duration(second)} after: times compare, numbers of samples do not`,
  ];
}

/** A run this far from the median of its side is named. */
const FAR = 1.5;

function outliers(name: string, { wholes, runs }: ComparedSide): string[] {
  if (wholes.length < 3) return [];
  const middle = median(wholes);
  const far = wholes.flatMap((whole, run) => (whole > FAR * middle || whole < middle / FAR ? [run] : []));
  if (far.length === 0 || 3 * far.length > wholes.length) return [];
  const distance = (run: number) => Math.abs(Math.log((wholes[run] ?? 0) / middle));
  const [farthest = 0] = far.toSorted((a, b) => distance(b) - distance(a));
  const which = far.length === 1 ? '' : 'the farthest ';
  return [
    `${plural(far.length, 'run')} ${name} ${far.length === 1 ? 'is' : 'are'} far from the median of ${duration(middle)}: ${which}${runs[farthest]?.[0] ?? ''} (${duration(wholes[farthest] ?? null)})`,
  ];
}

/** A request whose samples cover less of its work than this was hardly seen. */
const SEEN = 0.5;

function starved(name: string, runs: readonly Stats[]): string[] {
  const hardly = runs.filter(({ graph, summary: { request, outside } }) => {
    const busy = outside === 0 ? (request?.busy ?? null) : null;
    return busy !== null && graph.sums.whole * graph.unit < SEEN * busy;
  });
  if (hardly.length === 0) return [];
  return [`the samples of ${plural(hardly.length, 'run')} ${name} hold under half of the work: the sampler slept`];
}
