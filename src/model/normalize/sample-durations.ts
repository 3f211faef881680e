/**
 * The time rule: what a sample is worth. Samples in order of time, each owns the time until the next one, the last
 * one at most two and a half intervals. `head` (before the first) and `tail` (an over-long rest) belong to no function.
 *
 * Other tools give the time before the first sample, 4 to 40 ms of profiler start, to whatever ran first, or spread
 * everything by hitCount. The law that keeps us honest is on PathsProfile.
 */

import { plural } from '../../base/text.ts';
import { at } from '../columns.ts';
import type { Microseconds, RawStacksProfile } from '../raw-profile.ts';
import { measureIntervals } from './intervals.ts';

/** A last sample owns the rest of the recording up to this many intervals. */
const MAX_REST_INTERVALS = 2.5;

const NO_SAMPLES_NOTE = 'the file has no samples and no hit counts: no time is known of any function';

const EARLY_END_NOTE = 'endTime lies before the last sample: the recording is taken to end one interval after it';

/** Samples with what they are worth. */
export interface SampleDurations {
  readonly length: number;
  /** sample -> RawNodeIndex; in order of time if `inOrder` */
  readonly node: Int32Array;
  /** Whether one entry follows the other in time; if not, each is a node with all its hits. */
  readonly inOrder: boolean;
  /** sample -> samples it stands for; null when each is one */
  readonly hits: Float64Array | null;
  readonly time: Float64Array;
  readonly sampleDuration: Float64Array;
  readonly beforeFirstSample: Microseconds;
  readonly afterLastSample: Microseconds;
  readonly duration: Microseconds;
  readonly interval: Microseconds | null;
  readonly notes: readonly string[];
}

/** Puts samples in order and weighs them; what had to be estimated or repaired is in the notes. */
export function assignSampleDurations(raw: RawStacksProfile): SampleDurations {
  if (raw.samples === null || raw.samples.length === 0) return durationsFromHits(raw);
  if (raw.times === null) return equalDurations(raw, raw.samples);
  return durationsFromTimes(raw, raw.samples, raw.times);
}

/** Samples with times: the rule itself. */
function durationsFromTimes(raw: RawStacksProfile, samples: Int32Array, times: Float64Array): SampleDurations {
  const ordered = putInOrder(samples, times);
  const { time } = ordered;
  const length = time.length;
  const { after: sampleDuration, median } = measureIntervals(time);
  const interval = median === null ? null : Math.max(1, median);
  const last = at(time, length - 1);
  const rest = raw.duration === null || raw.duration < last ? null : raw.duration - last;
  const lastDuration = durationOfLast(rest, interval);
  sampleDuration[length - 1] = lastDuration;
  const early = rest === null && raw.duration !== null;
  const notes = early ? [...ordered.notes, EARLY_END_NOTE] : ordered.notes;
  return {
    ...ordered,
    inOrder: true,
    hits: null,
    length,
    sampleDuration: sampleDuration,
    beforeFirstSample: at(time, 0),
    afterLastSample: rest === null ? 0 : rest - lastDuration,
    duration: rest === null || raw.duration === null ? last + lastDuration : raw.duration,
    interval,
    notes,
  };
}

function durationOfLast(rest: Microseconds | null, interval: Microseconds | null): Microseconds {
  if (interval === null) return rest ?? 0;
  return rest !== null && rest <= MAX_REST_INTERVALS * interval ? rest : interval;
}

/** V8 hands samples over out of turn now and then (a delta of -1 µs). Put right, and of equal times none moves. */
function putInOrder(samples: Int32Array, times: Float64Array) {
  const late = findLateSamples(times);
  if (late.length === 0) return { node: samples, time: times, notes: [] };
  const [stood, were] = [plural(late.length, 'sample'), late.length === 1 ? 'was' : 'were'];
  return {
    ...(insertLateSamples(late, { node: samples.slice(), time: times.slice() }) ?? sortByTime(samples, times)),
    notes: [`${stood} stood out of order in the file and ${were} put in order of time`],
  };
}

interface Samples {
  readonly node: Int32Array;
  readonly time: Float64Array;
}

/** Those that lie before the one ahead of them. */
function findLateSamples(times: Float64Array): number[] {
  const late: number[] = [];
  for (let i = 1; i < times.length; i++) if (at(times, i) < at(times, i - 1)) late.push(i);
  return late;
}

/** Each late one moved to its place, which mostly is next door; null where that would take long. Takes the samples over. */
function insertLateSamples(late: readonly number[], samples: Samples): Samples | null {
  const { time } = samples;
  let steps = 0;
  for (const first of late) {
    // Behind a late one stand others, it may be, that are later than it and still too late.
    for (let i = first; i < time.length && at(time, i) < at(time, i - 1); i++) {
      steps += i - moveBack(samples, i);
      if (steps > 4 * time.length) return null;
    }
  }
  return samples;
}

/** Moves a sample before all that lie after it in time. Gives back where it stands now. */
function moveBack({ node, time }: Samples, late: number): number {
  const own = at(time, late);
  const ownNode = at(node, late);
  let to = late;
  for (; to > 0 && at(time, to - 1) > own; to--) {
    time[to] = at(time, to - 1);
    node[to] = at(node, to - 1);
  }
  time[to] = own;
  node[to] = ownNode;
  return to;
}

function sortByTime(samples: Int32Array, times: Float64Array): Samples {
  const order = Array.from(times.keys()).sort((a, b) => at(times, a) - at(times, b));
  return {
    node: Int32Array.from(order, (i) => at(samples, i)),
    time: Float64Array.from(order, (i) => at(times, i)),
  };
}

/** Samples without times: they share the recording equally. */
function equalDurations(raw: RawStacksProfile, samples: Int32Array): SampleDurations {
  const duration = raw.duration ?? Number.NaN;
  const length = samples.length;
  return {
    length,
    node: samples,
    inOrder: true,
    hits: null,
    time: new Float64Array(length).fill(Number.NaN),
    sampleDuration: new Float64Array(length).fill(duration / length),
    beforeFirstSample: 0,
    afterLastSample: 0,
    duration,
    interval: null,
    notes: [estimateNote('the file has no timeDeltas or timestamps', 'every sample counts the same', duration)],
  };
}

/** No samples: each node's hit count stands for its share. Made into one entry a node, so that the rest is one path. */
function durationsFromHits(raw: RawStacksProfile): SampleDurations {
  const hits = Float64Array.from(raw.nodes.hitCount ?? []);
  const total = hits.reduce((sum, count) => sum + count, 0);
  const known = raw.duration ?? Number.NaN;
  const nodes = total === 0 ? [] : [...hits.keys()].filter((node) => at(hits, node) > 0);
  return {
    length: nodes.length,
    node: Int32Array.from(nodes),
    inOrder: false,
    hits: Float64Array.from(nodes, (node) => at(hits, node)),
    time: new Float64Array(nodes.length).fill(Number.NaN),
    sampleDuration: Float64Array.from(nodes, (node) => (at(hits, node) * known) / total),
    beforeFirstSample: 0,
    // Nobody ran: the recording is all tail, and the law holds.
    afterLastSample: total === 0 && raw.duration !== null ? raw.duration : 0,
    duration: known,
    interval: null,
    notes: total === 0 ? [NO_SAMPLES_NOTE] : [estimateNote('the file has no samples', 'times follow hitCount', known)],
  };
}

function estimateNote(why: string, how: string, duration: Microseconds): string {
  return Number.isNaN(duration)
    ? `${why} and no valid endTime: times are not known, only samples are counted`
    : `times are estimated: ${why}, so ${how}`;
}
