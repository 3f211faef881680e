/** Notes about the runs, the most important first. Facts only; render/ words them. */

import { mean, median, sum } from '../base/averages.ts';
import type { Sides } from './basis.ts';
import { mapBoth } from './both.ts';
import type { Change, CompareNote, Comparison } from './comparison.ts';
import type { Side } from './side.ts';

type Draft = Omit<Comparison, 'notes'>;

export function notesFor(comparison: Draft, sides: Sides): CompareNote[] {
  return [
    ...waitingNote(comparison),
    ...fewRunsForFunctionsNote(comparison),
    ...queuedNote(comparison, sides),
    ...oneAfterTheOtherNote(sides),
    ...differentNodeNote(sides),
    ...differentIntervalsNote(sides),
    ...fewSamplesNote(comparison, sides),
    ...outlierNote('before', sides.before, comparison),
    ...outlierNote('after', sides.after, comparison),
    ...undersampledNote('before', sides.before),
    ...undersampledNote('after', sides.after),
  ];
}

/** CPU time does not see waiting, and it sees the helper threads of the process. */
function waitingNote({ basis, total, otherTotals }: Draft): CompareNote[] {
  const cpu = otherTotals.find((other) => other.basis === 'cpu')?.change;
  if (cpu === undefined || (basis !== 'undisturbed' && basis !== 'counted')) return [];
  // Counted time also rises where the machine was busier.
  const undisturbed = otherTotals.find((other) => other.basis === 'undisturbed')?.change ?? total;
  if (cpu.significant === false && isRise(total) && isRise(undisturbed)) {
    return roseMore(total, cpu) ? [{ code: 'waits-longer', cpu, own: total }] : [];
  }
  const isOfOthers = isRise(cpu) && total.significant === false && roseMore(cpu, total);
  return isOfOthers ? [{ code: 'other-threads', cpu, own: total }] : [];
}

/** That one change is significant and the other is not does not tell them apart: their intervals must. */
function roseMore({ low }: Change, { high }: Change): boolean {
  return low !== null && high !== null && low > high;
}

function isRise({ significant, delta }: Change): boolean {
  return significant === true && (delta ?? 0) > 0;
}

/** Of the counted time; less is usual even on a quiet machine. */
const MIN_QUEUED_SHARE = 0.05;

function queuedNote({ functionBasis, basis }: Draft, sides: Sides): CompareNote[] {
  const queued = mapBoth(sides, ({ processes }) => mean(processes.map((run) => run.queued ?? Number.NaN)));
  const counted = mapBoth(sides, ({ processes }) => mean(processes.map(({ totals }) => totals.counted ?? Number.NaN)));
  const isLarge = mapBoth(queued, (time, side) => time >= MIN_QUEUED_SHARE * counted[side]);
  const isRemoved = functionBasis === 'undisturbed' && (basis === 'undisturbed' || basis === 'busy');
  if (!(isLarge.before || isLarge.after) || !(queued.before + queued.after > 0)) return []; // NaN: not known
  const ofRequests = [sides.before, sides.after].some(({ processes }) => processes.some((run) => run.requests > 0));
  return [{ code: 'queued', ...queued, isRemoved, of: ofRequests ? 'request' : 'run' }];
}

/** The sides ran at different times, so changes of the machine are in the difference. */
function oneAfterTheOtherNote(sides: Sides): CompareNote[] {
  const { before, after } = mapBoth(sides, timesOf);
  if (before === null || after === null) return [];
  const isApart = Math.max(...before) < Math.min(...after) || Math.max(...after) < Math.min(...before);
  return isApart ? [{ code: 'one-after-the-other' }] : [];
}

function timesOf({ processes }: Side): number[] | null {
  const times = processes.map(({ recordedAt }) => recordedAt).filter((time) => time !== null);
  return processes.length < 2 || times.length < processes.length ? null : times;
}

function differentNodeNote(sides: Sides): CompareNote[] {
  const versions = mapBoth(sides, ({ processes }) => [...new Set(processes.map(({ node }) => node))].sort());
  const { before, after } = mapBoth(versions, (of) => (of.includes(null) ? null : of.join(', ')));
  return before === null || after === null || before === after ? [] : [{ code: 'different-node', before, after }];
}

/** Intervals of sampling differ by chance; a larger ratio was asked for. */
const MAX_INTERVAL_RATIO = 1.2;

function differentIntervalsNote(sides: Sides): CompareNote[] {
  const { before, after } = mapBoth(sides, intervalOf);
  if (before === null || after === null || Math.max(before / after, after / before) < MAX_INTERVAL_RATIO) return [];
  return [{ code: 'different-intervals', before, after }];
}

function intervalOf({ processes }: Side): number | null {
  const interval = median(processes.flatMap((run) => run.interval ?? []));
  return interval > 0 ? interval : null;
}

/** With fewer samples in a run, functions of a few percent are not found. */
const ENOUGH_SAMPLES = 1000;

function fewSamplesNote({ counts, verdict }: Draft, { before, after }: Sides): CompareNote[] {
  if (counts === 'calls' || verdict === 'slower' || verdict === 'faster') return [];
  const samples = median([...before.processes, ...after.processes].map((run) => run.samples));
  return samples < ENOUGH_SAMPLES ? [{ code: 'few-samples', interval: intervalOf(before) }] : [];
}

/** Where some are found among a family, the level is met by all that are as clear as they. */
function fewRunsForFunctionsNote({ family, measure, rows, total }: Draft): CompareNote[] {
  if (total.p === null || family.size === 0 || family.smallestP <= family.level / family.size) return [];
  if (rows.some((row) => (row[measure].adjustedP ?? 1) <= family.level)) return [];
  return [{ code: 'few-runs-for-functions', runsNeeded: family.runsNeeded, family: family.size }];
}

/** A run this many times above or below the median of its side. */
const OUTLIER_RATIO = 1.5;

function outlierNote(name: 'before' | 'after', { processes }: Side, { basis }: Draft): CompareNote[] {
  const totals = processes.map((run) => run.totals[basis] ?? Number.NaN);
  const middle = median(totals);
  const distance = (total: number) => Math.abs(Math.log(total / middle));
  const far = [...totals.keys()].filter((run) => distance(totals[run] ?? middle) > Math.log(OUTLIER_RATIO));
  if (totals.length < 3 || far.length === 0 || middle === 0 || 3 * far.length > totals.length) return [];
  const [farthest = 0] = far.sort((a, b) => distance(totals[b] ?? middle) - distance(totals[a] ?? middle));
  const source = processes[farthest]?.sources[0] ?? '';
  return [{ code: 'outlier', side: name, runs: far.length, source, time: totals[farthest] ?? 0, median: middle }];
}

function undersampledNote(name: 'before' | 'after', { processes }: Side): CompareNote[] {
  const files = sum(processes.map((run) => run.undersampled));
  return files === 0 ? [] : [{ code: 'undersampled', side: name, files }];
}
