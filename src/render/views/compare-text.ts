/** The sentences of a comparison. */

import { listFirst, pluralize } from '../../base/text.ts';
import {
  formatDuration,
  formatPercent,
  formatPValue,
  formatTime,
  formatTimeDifference,
  type TimeScale,
  timeScale,
} from '../../base/units.ts';
import type { Basis, Change, ComparedSide, CompareNote, Comparison, OtherTotal } from '../../compare/comparison.ts';
import type { Gate, GateFailure } from '../../compare/gate.ts';
import { MIN_RUNS } from '../../compare/test-total.ts';
import type { JsonNote } from '../json.ts';
import { line, type ReportLine, type Tone } from '../report.ts';

export const BASIS_NAMES: Readonly<Record<Basis, string>> = {
  undisturbed: 'undisturbed time',
  counted: 'counted time',
  cpu: 'CPU time',
  elapsed: 'elapsed time',
  busy: 'busy time of requests',
};

export function verdictTone(verdict: string): Tone {
  if (verdict === 'slower' || verdict === 'mixed') return 'worse';
  return verdict === 'faster' ? 'better' : 'plain';
}

/** The verdict, then what it rests on. */
export function compareHeading(comparison: Comparison, gate: Gate | null): ReportLine[] {
  const why = explanation(comparison);
  return [
    line(verdictSentence(comparison), verdictTone(comparison.verdict)),
    ...gateLines(gate),
    line(`total   ${totalText(comparison.total)}`),
    ...(why === null ? [] : [line(why)]),
    ...otherTotals(comparison.otherTotals),
    line(`before  ${sideText(comparison.before)}`, 'quiet'),
    line(`after   ${sideText(comparison.after)}`, 'quiet'),
  ];
}

/** `20.3% slower (95% interval 14.1 … 26.9%, p <0.001, 10 v 10 runs, undisturbed time)` */
export function verdictSentence({ verdict, total, before, after, basis, isPaired, rows }: Comparison): string {
  if (total.before === 0 && total.after === 0) {
    const isInSome = rows.some(({ self }) => self.before !== 0 || self.after !== 0);
    return `nothing to compare: no time ${isInSome ? 'in half of the runs or more' : 'on either side'}`;
  }
  if (verdict === 'inconclusive') return inconclusive(before, after);
  const evidence = [
    ...intervalText(total, verdict),
    `p ${formatPValue(total.p)}`,
    runsText(before, after),
    ...(isPaired ? ['paired'] : []),
    BASIS_NAMES[basis],
  ];
  const condition = isCertainOfRuns(before, after) ? '' : ', if each request was a process of its own';
  const change = verdict === 'no-change' ? 'no significant change' : `${sizeText(total)} ${verdict}`;
  return `${change} (${evidence.join(', ')})${condition}`;
}

function sizeText({ delta, before }: Change): string {
  return before === null || before === 0
    ? formatDuration(Math.abs(delta ?? 0))
    : `${formatPercent(Math.abs(delta ?? 0), before)}%`;
}

/** In percent of the time before, where there was some. */
function intervalText({ low, high, before }: Change, verdict: Comparison['verdict']): string[] {
  if (low === null || high === null || before === null || before === 0) return [];
  // An interval of differences may exceed the time that there is to save.
  const lowest = Math.max(low, -before);
  const ends = verdict === 'faster' ? [-high, -lowest] : [lowest, high];
  const isSigned = verdict === 'no-change' || ends.some((end) => end < 0);
  const [from = '', to = ''] = ends.map((end) =>
    isSigned ? signedPercentText(end, before) : formatPercent(end, before),
  );
  return [`95% interval ${from} … ${to}%`];
}

function signedPercentText(change: number, of: number): string {
  const text = formatPercent(change, of);
  return change > 0 ? `+${text}` : text;
}

function runsText(before: ComparedSide, after: ComparedSide): string {
  const runs = `${before.runs} v ${after.runs} ${isOfRequests(before, after) ? 'processes' : 'runs'}`;
  return isOfRequests(before, after) ? `${before.requests ?? 0} v ${after.requests ?? 0} requests of ${runs}` : runs;
}

function isOfRequests(before: ComparedSide, after: ComparedSide): boolean {
  return before.requests !== null && after.requests !== null;
}

function isCertainOfRuns(before: ComparedSide, after: ComparedSide): boolean {
  return [before, after].every(({ requests, isProcessKnown }) => requests === null || isProcessKnown);
}

/** Says which side has too few runs and how to get more. */
function inconclusive(before: ComparedSide, after: ComparedSide): string {
  const few = [
    ...(before.runs < MIN_RUNS ? [`${runsOf(before)} before`] : []),
    ...(after.runs < MIN_RUNS ? [`${runsOf(after)} after`] : []),
  ];
  if (few.length === 0) return 'inconclusive: the times are not known';
  const isOne = few.length === 1 && (before.runs === 1 || after.runs === 1);
  const remedy = isOfRequests(before, after)
    ? `requests of one process are one run: restart the server ${MIN_RUNS} times or more for each side, as pstat ab --requests does`
    : `record ${MIN_RUNS} or more for each side, in turn`;
  return `inconclusive: ${few.join(' and ')} ${isOne ? 'is' : 'are'} too few for a verdict; ${remedy}`;
}

function runsOf({ runs, requests }: ComparedSide): string {
  return requests === null ? pluralize(runs, 'run') : `${pluralize(requests, 'request')} of ${processes(runs)}`;
}

function processes(count: number): string {
  return pluralize(count, 'process', 'processes');
}

/** `644.1 → 668.2 ms, +24.1 ms (+3.7%); fastest run 612.0 → 640.3 ms` */
function totalText(change: Change): string {
  const { before, after, min } = change;
  if (before === null || after === null) return 'not known';
  if (before === min.before && after === min.after) return changeText(change);
  return `${changeText(change)}; medians; fastest ${pairText(min, timeScale([before, after]))}`;
}

/** `644.1 → 668.2 ms, +24.1 ms (+3.7%)` */
export function changeText(change: Change): string {
  const { before, after, delta } = change;
  const [from, to] = [before ?? 0, after ?? 0];
  const scale = timeScale([from, to]);
  const share = from === 0 ? '' : ` (${signedPercentText(delta ?? 0, from)}%)`;
  return `${pairText(change)}, ${formatTimeDifference(from, to, scale)} ${scale.unit}${share}`;
}

type Pair = Pick<Change, 'before' | 'after'>;

/** `644.1 → 668.2 ms` */
export function pairText({ before, after }: Pair, scale = timeScale([before, after])): string {
  return `${formatTime(before ?? 0, scale)} → ${formatTime(after ?? 0, scale)} ${scale.unit}`;
}

/** What the change is made of, or that everything changed alike; null if nothing explains it. */
function explanation(comparison: Comparison): string | null {
  const { alike, work, parts } = comparison;
  if (work !== null) {
    const direction = work > 1 ? 'increased' : 'decreased';
    return `calls   nearly all ${direction} alike: the program did × ${ratioText(work)} of its work`;
  }
  if (alike !== null) {
    const change = `${signedPercentText(alike.ratio - 1, 1)}%`;
    return `alike   ${alike.functions} of ${alike.of} functions changed by about ${change}: more or less work, GC, flags, another Node or machine`;
  }
  return parts === null || parts.delta === 0 ? null : `change  ${partsText(parts, comparison)}`;
}

function ratioText(ratio: number): string {
  return ratio >= 10 ? ratio.toFixed(0) : ratio >= 1.95 ? ratio.toFixed(1) : ratio.toFixed(2);
}

/** On the scale of the total, and rounded so that the parts add up as they are written. */
function partsText({ delta, listed, others }: NonNullable<Comparison['parts']>, { total, before, after }: Comparison) {
  const scale = timeScale([total.before, total.after]);
  const written = (from: number, to: number) => Number(writtenNumber(to, scale) - writtenNumber(from, scale));
  const changes = listed.map((part) => written(part.before, part.after));
  const rest = writtenNumber(delta, scale) - changes.reduce((sum, change) => sum + change, 0);
  const write = (change: number) => formatTimeDifference(0, change * scale.size, scale);
  const parts = listed.map(({ name }, i) => `${name} ${write(changes[i] ?? 0)}`);
  if (others.functions > 0) {
    parts.push(`${pluralize(others.functions, listed.length === 0 ? 'function' : 'other')} ${write(rest)}`);
  }
  const isMean = before.runs > 1 || after.runs > 1;
  const sum = others.functions > 0 ? delta : (writtenNumber(delta, scale) - rest) * scale.size;
  return `${formatTimeDifference(0, sum, scale)} ${scale.unit} = ${parts.join(', ')}${isMean ? ' (means)' : ''}`;
}

/** The number that a time is written as. */
function writtenNumber(time: number, scale: TimeScale): number {
  return Number((time / scale.size).toFixed(scale.decimals));
}

function otherTotals(others: readonly OtherTotal[]): ReportLine[] {
  if (others.length === 0) return [];
  const texts = others.map(({ basis, change }) => {
    const p = change.p === null ? '' : `, p ${formatPValue(change.p)}`;
    const share =
      change.before === null || change.before === 0
        ? ''
        : ` (${signedPercentText(change.delta ?? 0, change.before)}%${p})`;
    return `${BASIS_NAMES[basis]} ${pairText(change)}${share}`;
  });
  return [line(`also    ${texts.join('; ')}`, 'quiet')];
}

function sideText(side: ComparedSide): string {
  const [first = ''] = side.sources;
  const runs = runsOf(side);
  if (side.label !== null) return `${side.label}, ${runs}`;
  return side.sources.length === 1 ? `${first} (${runs})` : `${commonFolder(side.sources)} (${runs})`;
}

/** The folder that holds all of the files; the first file where there is none. */
function commonFolder(sources: readonly string[]): string {
  const [first = ''] = sources;
  let folder = folderOf(first);
  while (folder !== '' && !sources.every((source) => source.startsWith(folder))) folder = folderOf(folder.slice(0, -1));
  return folder === '' ? first : folder;
}

function baseName(file: string): string {
  return file.slice(folderOf(file).length);
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}

// ---- notes -----------------------------------------------------------------------------------------------------------

/** A comparison without some of its files is another comparison: the note stands before all others. */
export function leftOutNotes(leftOut: readonly string[]): JsonNote[] {
  if (leftOut.length === 0) return [];
  const text = `left out ${pluralize(leftOut.length, 'file')} that cannot be read: ${listFirst(leftOut, 3)}`;
  return [{ code: 'left-out', text, files: leftOut }];
}

/** People read so many notes; the rest is counted. */
const MAX_NOTES = 2;

export function compareNotes(notes: readonly CompareNote[], seeAll: string): ReportLine[] {
  const more = notes.length - MAX_NOTES;
  return [
    ...notes.slice(0, MAX_NOTES).map((note) => line(`note: ${noteText(note)}`)),
    ...(more > 0 ? [line(`${pluralize(more, 'more note')}: ${seeAll}`, 'quiet')] : []),
  ];
}

export function noteText(note: CompareNote): string {
  switch (note.code) {
    case 'waits-longer':
      return `CPU time did not change significantly (${changeText(note.cpu)}): the program waits longer`;
    case 'other-threads':
      return `CPU time rose (${changeText(note.cpu)}) and the thread's time did not: more work on other threads`;
    case 'queued':
      return `the machine was busy: ${formatDuration(note.before)} before and ${formatDuration(note.after)} after of each ${note.of} without a processor${note.isRemoved ? ', subtracted' : ''}`;
    case 'one-after-the-other':
      return 'the sides were recorded one after the other, so what the machine did meanwhile is in the difference; record them in turn';
    case 'different-node':
      return `Node ${note.before} before, ${note.after} after`;
    case 'different-intervals':
      return `samples were taken every ${formatDuration(note.before)} before and every ${formatDuration(note.after)} after: times compare, numbers of samples do not`;
    case 'few-samples':
      return 'few samples a run: a change of a small function is not found; record longer or with `pstat record --interval 200us`';
    case 'few-runs-for-functions':
      return `too few runs to find one function among ${note.family}; record ${note.runsNeeded} or more for each side`;
    case 'outlier':
      return `${pluralize(note.runs, 'run')} ${note.side} ${note.runs === 1 ? 'is' : 'are'} far from the median of ${formatDuration(note.median)}: ${note.runs === 1 ? '' : 'the farthest '}${baseName(note.source)} (${formatDuration(note.time)})`;
    case 'undersampled':
      return `the samples of ${pluralize(note.files, 'request')} ${note.side} cover less than half of their busy time`;
    case 'one-sided-source-map':
      return `places are of the generated code where one side has no source map: ${listFirst(note.files, 3, baseName)}`;
  }
}

// ---- gate ------------------------------------------------------------------------------------------------------------

export function gateLines(gate: Gate | null): ReportLine[] {
  if (gate === null) return [];
  const limit = limitText(gate);
  if (gate.outcome === 'failed') {
    return [line(`FAILED: ${listFailures(gate)} (limit ${limit})`, 'worse')];
  }
  if (gate.outcome === 'passed') return [line(`passed: nothing got slower by ${limit} or more`, 'better')];
  const ending = gate.isStrict ? 'FAILED: undecided' : 'undecided, not failed';
  return [line(`${ending}: ${undecidedText(gate, limit)}`, gate.isStrict ? 'worse' : 'plain')];
}

function limitText({ threshold }: Gate): string {
  return threshold.percent === null ? formatDuration(threshold.microseconds) : `${threshold.percent}%`;
}

function undecidedText(gate: Gate, limit: string): string {
  if (gate.reason === 'too-few-runs') return `too few runs; record ${MIN_RUNS} or more for each side`;
  if (gate.reason === 'unknown-processes')
    return 'the files do not say which process served each request, so --strict cannot pass; record with the request profiler';
  if (gate.reason === 'unknown-times') return 'the times are not known';
  const [largest, ...others] = gate.undecided;
  if (largest === undefined) return '';
  const name = largest.name ?? 'total';
  if (largest.delta === null) return `too few runs of ${name}; record ${MIN_RUNS} or more for each side`;
  const size = failureSize(largest, gate);
  if (gate.target === 'total' && largest.name === null)
    return `a change of up to ${size} could not be seen, and the limit is ${limit}; record more runs`;
  if (others.length === 0)
    return `${name} could be slower by up to ${size}, and the limit is ${limit}; record more runs`;
  return `${gate.undecided.length} rows could exceed ${limit} without being seen, ${name} by up to ${size}; record more runs`;
}

function listFailures(gate: Gate): string {
  const texts = gate.failures.map((failure) => `${failure.name ?? 'total'} ${failureSize(failure, gate)}`);
  return listFirst(texts, 5);
}

/** In the unit of the threshold. */
function failureSize({ percent: share, delta }: GateFailure, { threshold }: Gate): string {
  return share === null || threshold.percent === null
    ? `+${formatDuration(delta)}`
    : signedPercentText(share, 100).concat('%');
}
