/** A timeline as columns of a file. */

import { BrokenColumnsError } from '../../base/packed-bytes.ts';
import { amountColumn, type Columns, columnOf, indexColumn } from '../../base/packed-columns.ts';
import { at, floatAt } from '../columns.ts';
import type { Timeline } from '../profile.ts';

export function packTimeline(timeline: Timeline, columns: Map<string, ArrayLike<number>>): void {
  const { node, time, duration, line, subtracted } = timeline;
  columns.set('timeline.node', node);
  columns.set('timeline.duration', duration);
  const isWhole = time.every(Number.isSafeInteger) && duration.every(Number.isSafeInteger);
  // Nearly all samples begin where the one before ends.
  if (isWhole)
    columns.set(
      'timeline.gap',
      time.map((start, i) => start - (i === 0 ? 0 : endOf(timeline, i - 1))),
    );
  else columns.set('timeline.time', time);
  if (line !== null) columns.set('timeline.line', line);
  if (subtracted !== null) columns.set('timeline.subtracted', subtracted);
}

function endOf({ time, duration }: Pick<Timeline, 'time' | 'duration'>, sample: number): number {
  return at(time, sample) + at(duration, sample);
}

/** Throws BrokenColumnsError. @param nodes number of nodes in the file */
export function unpackTimeline(columns: Columns, nodes: number): Timeline {
  const node = indexColumn(columns, 'timeline.node', { min: -1, end: nodes });
  const { length } = node;
  const duration = checkTimes('timeline.duration', amountColumn(columns, 'timeline.duration', length));
  const line = columns.has('timeline.line')
    ? indexColumn(columns, 'timeline.line', { length, min: 0, end: 2 ** 31 })
    : null;
  const subtracted = columns.has('timeline.subtracted') ? amountColumn(columns, 'timeline.subtracted', length) : null;
  let time: Float64Array | null = null;
  return {
    length,
    node,
    duration,
    line,
    subtracted,
    // On demand: only the view in order of time needs them.
    get time() {
      time ??= columns.has('timeline.time')
        ? checkTimes('timeline.time', amountColumn(columns, 'timeline.time', length))
        : checkTimes('timeline.gap', timesOf(columnOf(columns, 'timeline.gap', length), duration));
      return time;
    },
  };
}

/** Samples in order have all of their times. Throws BrokenColumnsError. */
function checkTimes(name: string, times: Float64Array): Float64Array {
  const bad = times.findIndex((time) => !Number.isFinite(time));
  if (bad !== -1) throw new BrokenColumnsError(`${name}[${bad}] is no time`);
  return times;
}

function timesOf(gap: Float64Array, duration: Float64Array): Float64Array {
  const time = new Float64Array(gap.length);
  let end = 0;
  for (let i = 0; i < gap.length; i++) {
    time[i] = floatAt(gap, i) + end;
    end = floatAt(time, i) + floatAt(duration, i);
  }
  return time;
}
