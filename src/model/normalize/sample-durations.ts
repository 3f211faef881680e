/**
 * Time rule: a sample owns the time until the next one; the last sample owns the rest of the recording, or one interval
 * if the rest is longer than 2.5 intervals. The time before the first sample and an over-long rest belong to no function.
 *
 * Other tools add the time before the first sample, 4 to 40 ms of profiler start, to the function that ran first, or
 * distribute the duration by hitCount. The sum that must hold is on StacksProfile.
 */

import { sum } from '../../base/averages.ts';
import { at, floatAt } from '../columns.ts';
import type { ProfileNote } from '../notes.ts';
import type { Microseconds, RawStacksProfile } from '../raw-profile.ts';
import { measureIntervals } from './intervals.ts';

/** The last sample owns the rest of the recording if it is at most this many intervals long. */
const MAX_REST_INTERVALS = 2.5;

/** Samples in order, with their durations. */
export interface SampleDurations {
  readonly length: number;
  /** sample -> RawNodeIndex; in order of time if `inOrder` */
  readonly node: Int32Array;
  /** Whether entries are samples in order of time; if not, each entry is a node with all its hits. */
  readonly inOrder: boolean;
  /** entry -> number of samples; null if each entry is one sample */
  readonly hits: Float64Array | null;
  /** entry -> 1-based line that was executing, 0 if not known; null if the file has none */
  readonly line: Int32Array | null;
  readonly time: Float64Array;
  readonly sampleDuration: Float64Array;
  readonly beforeFirstSample: Microseconds;
  readonly afterLastSample: Microseconds;
  readonly duration: Microseconds;
  readonly interval: Microseconds | null;
  readonly notes: readonly ProfileNote[];
}

/** Orders samples and assigns durations. Notes say what was estimated or repaired. */
export function assignSampleDurations(raw: RawStacksProfile): SampleDurations {
  if (raw.samples === null || raw.samples.length === 0) return durationsFromHits(raw);
  if (raw.sampleDurations !== undefined) return durationsFromFile(raw, raw.samples, raw.sampleDurations);
  if (raw.times === null) return equalDurations(raw, raw.samples);
  return durationsFromTimes(raw, raw.samples, raw.times);
}

/** Applies the time rule to samples with times. */
function durationsFromTimes(raw: RawStacksProfile, samples: Int32Array, times: Float64Array): SampleDurations {
  const sorted = putInOrder({ node: samples, time: times, line: raw.sampleLines ?? null });
  const ordered = startAtZero(sorted);
  const { time } = ordered;
  const length = time.length;
  const { after: sampleDuration, ...intervals } = measureIntervals(time);
  // Samples that were moved to the start have lost their intervals.
  const median = ordered === sorted ? intervals.median : measureIntervals(sorted.time).median;
  const interval = median === null ? null : Math.max(1, median);
  const last = floatAt(time, length - 1);
  const rest = raw.duration === null || raw.duration < last ? null : raw.duration - last;
  const lastDuration = durationOfLast(rest, interval);
  sampleDuration[length - 1] = lastDuration;
  const early = rest === null && raw.duration !== null;
  const notes: ProfileNote[] = [...ordered.notes, ...(early ? [{ code: 'early-end' } as const] : [])];
  if (last + lastDuration === 0) notes.push({ code: 'no-time' });
  return {
    ...ordered,
    inOrder: true,
    hits: null,
    length,
    sampleDuration,
    beforeFirstSample: floatAt(time, 0),
    afterLastSample: rest === null ? 0 : rest - lastDuration,
    duration: rest === null || raw.duration === null ? last + lastDuration : raw.duration,
    interval,
    notes,
  };
}

/** What the last sample owns of the rest of the recording. */
export function durationOfLast(rest: Microseconds | null, interval: Microseconds | null): Microseconds {
  if (interval === null) return rest ?? 0;
  return rest !== null && rest <= MAX_REST_INTERVALS * interval ? rest : interval;
}

/** Sorts samples by time, stably. V8 sometimes writes samples out of order, with a delta of -1 µs. */
function putInOrder(samples: Samples): OrderedSamples {
  const late = findLateSamples(samples.time);
  if (late.length === 0) return { ...samples, notes: [] };
  return {
    ...(insertLateSamples(late, copySamples(samples)) ?? sortByTime(samples)),
    notes: [{ code: 'unordered-samples', count: late.length }],
  };
}

/** Moves samples that are before the start of the recording to its start, so that no time before them is negative. */
function startAtZero(ordered: OrderedSamples): OrderedSamples {
  let early = 0;
  while (early < ordered.time.length && at(ordered.time, early) < 0) early++;
  if (early === 0) return ordered;
  const notes: ProfileNote[] = [...ordered.notes, { code: 'early-samples', count: early }];
  return { ...ordered, time: ordered.time.map((time) => Math.max(0, time)), notes };
}

interface OrderedSamples extends Samples {
  readonly notes: readonly ProfileNote[];
}

interface Samples {
  readonly node: Int32Array;
  readonly time: Float64Array;
  readonly line: Int32Array | null;
}

function copySamples({ node, time, line }: Samples): Samples {
  return { node: node.slice(), time: time.slice(), line: line === null ? null : line.slice() };
}

/** Samples that are earlier than their predecessor. */
function findLateSamples(times: Float64Array): number[] {
  const late: number[] = [];
  for (let i = 1; i < times.length; i++) if (floatAt(times, i) < floatAt(times, i - 1)) late.push(i);
  return late;
}

/** Moves late samples to their places, usually one row back. Returns null if that takes too long. Changes `samples`. */
function insertLateSamples(late: readonly number[], samples: Samples): Samples | null {
  const { time } = samples;
  let steps = 0;
  for (const first of late) {
    // Samples after a late one may be later than it and still out of order.
    for (let i = first; i < time.length && floatAt(time, i) < floatAt(time, i - 1); i++) {
      steps += i - moveBack(samples, i);
      if (steps > 4 * time.length) return null;
    }
  }
  return samples;
}

/** Moves a sample before all that are later in time, and returns its new place. */
function moveBack({ node, time, line }: Samples, late: number): number {
  const own = floatAt(time, late);
  const columns = [node, time, ...(line === null ? [] : [line])];
  const sample = columns.map((column) => at(column, late));
  let to = late;
  while (to > 0 && floatAt(time, to - 1) > own) to--;
  columns.forEach((column, i) => {
    column.copyWithin(to + 1, to, late);
    column[to] = at(sample, i);
  });
  return to;
}

function sortByTime({ node, time, line }: Samples): Samples {
  const order = Array.from(time.keys()).sort((a, b) => floatAt(time, a) - floatAt(time, b));
  return {
    node: Int32Array.from(order, (i) => at(node, i)),
    time: Float64Array.from(order, (i) => floatAt(time, i)),
    line: line === null ? null : Int32Array.from(order, (i) => at(line, i)),
  };
}

/** Takes the durations of the file. Without times they are sums in no order. */
function durationsFromFile(
  { times, duration, sampleHits, sampleLines }: RawStacksProfile,
  node: Int32Array,
  sampleDuration: Float64Array,
): SampleDurations {
  const last = node.length - 1;
  const end = times === null ? sum(sampleDuration) : floatAt(times, last) + floatAt(sampleDuration, last);
  return {
    length: node.length,
    node,
    inOrder: times !== null,
    hits: sampleHits ?? null,
    line: sampleLines ?? null,
    time: times ?? new Float64Array(node.length).fill(Number.NaN),
    sampleDuration,
    beforeFirstSample: times === null ? 0 : floatAt(times, 0),
    afterLastSample: Math.max(0, (duration ?? end) - end),
    duration: Math.max(duration ?? end, end),
    interval: times === null || sampleHits !== undefined ? null : measureIntervals(times).median,
    notes: [],
  };
}

/** Divides the duration equally among samples without times. */
function equalDurations(raw: RawStacksProfile, samples: Int32Array): SampleDurations {
  const duration = raw.duration ?? Number.NaN;
  const length = samples.length;
  return {
    length,
    node: samples,
    inOrder: true,
    hits: null,
    line: raw.sampleLines ?? null,
    time: new Float64Array(length).fill(Number.NaN),
    sampleDuration: new Float64Array(length).fill(duration / length),
    beforeFirstSample: 0,
    afterLastSample: 0,
    duration,
    interval: null,
    notes: [estimateNote('times', duration)],
  };
}

/** Divides the duration by hit counts in files without samples. One entry per node, so that later steps need no special case. */
function durationsFromHits(raw: RawStacksProfile): SampleDurations {
  const hits = Float64Array.from(raw.nodes.hitCount ?? []);
  const total = hits.reduce((sum, count) => sum + count, 0);
  const known = raw.duration ?? Number.NaN;
  const nodes = total === 0 ? [] : [...hits.keys()].filter((node) => floatAt(hits, node) > 0);
  return {
    length: nodes.length,
    node: Int32Array.from(nodes),
    inOrder: false,
    hits: Float64Array.from(nodes, (node) => floatAt(hits, node)),
    line: null,
    time: new Float64Array(nodes.length).fill(Number.NaN),
    sampleDuration: Float64Array.from(nodes, (node) => (floatAt(hits, node) * known) / total),
    beforeFirstSample: 0,
    // Without hits, the whole duration is after the last sample, so that the breakdown holds.
    afterLastSample: total === 0 && raw.duration !== null ? raw.duration : 0,
    duration: known,
    interval: null,
    notes: notesOfHits(raw, total, known),
  };
}

/** An empty profile needs no note: the answer says that nothing was recorded. */
function notesOfHits({ nodes }: RawStacksProfile, total: number, duration: Microseconds): ProfileNote[] {
  if (total === 0) return nodes.length === 0 ? [] : [{ code: 'no-samples' }];
  return [estimateNote('samples', duration)];
}

function estimateNote(missing: 'times' | 'samples', duration: Microseconds): ProfileNote {
  return { code: Number.isNaN(duration) ? 'unknown-times' : 'estimated-times', missing };
}
