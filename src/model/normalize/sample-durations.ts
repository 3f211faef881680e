/**
 * The time rule: what a sample is worth. Samples in order of time, each owns the time until the next one, the last
 * one at most two and a half intervals. `head` (before the first) and `tail` (an over-long rest) belong to no function.
 *
 * Other tools give the time before the first sample, 4 to 40 ms of profiler start, to whatever ran first, or spread
 * everything by hitCount. The law that keeps us honest is on PathsProfile.
 */

import { plural } from '../../base/text.ts';
import { within } from '../columns.ts';
import type { Microseconds, RawPathsProfile } from '../raw-profile.ts';
import { gapsBetween } from './intervals.ts';

/** A last sample owns the rest of the recording up to this many intervals. */
const LONGEST_REST = 2.5;

const NOTHING_COUNTED = 'the file has no samples and no hit counts: no time is known of any function';

const ENDS_EARLY = 'endTime lies before the last sample: the recording is taken to end one interval after it';

/** Samples with what they are worth. */
export interface Weighed {
  readonly length: number;
  /** sample -> RawNodeIndex; in order of time if `inOrder` */
  readonly node: Int32Array;
  /** Whether one entry follows the other in time; if not, each is a node with all its hits. */
  readonly inOrder: boolean;
  /** sample -> samples it stands for; null when each is one */
  readonly hits: Float64Array | null;
  readonly time: Float64Array;
  readonly weight: Float64Array;
  readonly head: Microseconds;
  readonly tail: Microseconds;
  readonly duration: Microseconds;
  readonly interval: Microseconds | null;
  readonly notes: readonly string[];
}

/** Puts samples in order and weighs them; what had to be estimated or repaired is in the notes. */
export function weigh(raw: RawPathsProfile): Weighed {
  if (raw.samples === null || raw.samples.length === 0) return weighHits(raw);
  if (raw.times === null) return weighEqually(raw, raw.samples);
  return weighForward(raw, raw.samples, raw.times);
}

/** Samples with times: the rule itself. */
function weighForward(raw: RawPathsProfile, samples: Int32Array, times: Float64Array): Weighed {
  const ordered = putInOrder(samples, times);
  const { time } = ordered;
  const length = time.length;
  const { after: weight, median } = gapsBetween(time);
  const interval = median === null ? null : Math.max(1, median);
  const last = within(time[length - 1]);
  const rest = raw.duration === null || raw.duration < last ? null : raw.duration - last;
  const lastWeight = weightOfLast(rest, interval);
  weight[length - 1] = lastWeight;
  const early = rest === null && raw.duration !== null;
  const notes = early ? [...ordered.notes, ENDS_EARLY] : ordered.notes;
  return {
    ...ordered,
    inOrder: true,
    hits: null,
    length,
    weight,
    head: within(time[0]),
    tail: rest === null ? 0 : rest - lastWeight,
    duration: rest === null || raw.duration === null ? last + lastWeight : raw.duration,
    interval,
    notes,
  };
}

function weightOfLast(rest: Microseconds | null, interval: Microseconds | null): Microseconds {
  if (interval === null) return rest ?? 0;
  return rest !== null && rest <= LONGEST_REST * interval ? rest : interval;
}

/** V8 hands samples over out of turn now and then (a delta of -1 µs). Put right, and of equal times none moves. */
function putInOrder(samples: Int32Array, times: Float64Array) {
  const late = lateOnes(times);
  if (late.length === 0) return { node: samples, time: times, notes: [] };
  const [stood, were] = [plural(late.length, 'sample'), late.length === 1 ? 'was' : 'were'];
  return {
    ...(inserted(late, { node: samples.slice(), time: times.slice() }) ?? sortedByTime(samples, times)),
    notes: [`${stood} stood out of order in the file and ${were} put in order of time`],
  };
}

interface Samples {
  readonly node: Int32Array;
  readonly time: Float64Array;
}

/** Those that lie before the one ahead of them. */
function lateOnes(times: Float64Array): number[] {
  const late: number[] = [];
  for (let i = 1; i < times.length; i++) if (within(times[i]) < within(times[i - 1])) late.push(i);
  return late;
}

/** Each late one moved to its place, which mostly is next door; null where that would take long. Takes the samples over. */
function inserted(late: readonly number[], samples: Samples): Samples | null {
  const { time } = samples;
  let steps = 0;
  for (const first of late) {
    // Behind a late one stand others, it may be, that are later than it and still too late.
    for (let i = first; i < time.length && within(time[i]) < within(time[i - 1]); i++) {
      steps += i - movedBack(samples, i);
      if (steps > 4 * time.length) return null;
    }
  }
  return samples;
}

/** Moves a sample before all that lie after it in time. Gives back where it stands now. */
function movedBack({ node, time }: Samples, late: number): number {
  const own = within(time[late]);
  const ownNode = within(node[late]);
  let to = late;
  for (; to > 0 && within(time[to - 1]) > own; to--) {
    time[to] = within(time[to - 1]);
    node[to] = within(node[to - 1]);
  }
  time[to] = own;
  node[to] = ownNode;
  return to;
}

function sortedByTime(samples: Int32Array, times: Float64Array): Samples {
  const order = Array.from(times.keys()).sort((a, b) => within(times[a]) - within(times[b]));
  return {
    node: Int32Array.from(order, (i) => within(samples[i])),
    time: Float64Array.from(order, (i) => within(times[i])),
  };
}

/** Samples without times: they share the recording equally. */
function weighEqually(raw: RawPathsProfile, samples: Int32Array): Weighed {
  const duration = raw.duration ?? Number.NaN;
  const length = samples.length;
  return {
    length,
    node: samples,
    inOrder: true,
    hits: null,
    time: new Float64Array(length).fill(Number.NaN),
    weight: new Float64Array(length).fill(duration / length),
    head: 0,
    tail: 0,
    duration,
    interval: null,
    notes: [estimated('the file has no timeDeltas or timestamps', 'every sample counts the same', duration)],
  };
}

/** No samples: each node's hit count stands for its share. Made into one entry a node, so that the rest is one path. */
function weighHits(raw: RawPathsProfile): Weighed {
  const hits = Float64Array.from(raw.nodes.hitCount ?? []);
  const total = hits.reduce((sum, count) => sum + count, 0);
  const known = raw.duration ?? Number.NaN;
  const nodes = total === 0 ? [] : [...hits.keys()].filter((node) => within(hits[node]) > 0);
  return {
    length: nodes.length,
    node: Int32Array.from(nodes),
    inOrder: false,
    hits: Float64Array.from(nodes, (node) => within(hits[node])),
    time: new Float64Array(nodes.length).fill(Number.NaN),
    weight: Float64Array.from(nodes, (node) => (within(hits[node]) * known) / total),
    head: 0,
    // Nobody ran: the recording is all tail, and the law holds.
    tail: total === 0 && raw.duration !== null ? raw.duration : 0,
    duration: known,
    interval: null,
    notes: total === 0 ? [NOTHING_COUNTED] : [estimated('the file has no samples', 'times follow hitCount', known)],
  };
}

function estimated(why: string, how: string, duration: Microseconds): string {
  return Number.isNaN(duration)
    ? `${why} and no valid endTime: times are not known, only samples are counted`
    : `times are estimated: ${why}, so ${how}`;
}
