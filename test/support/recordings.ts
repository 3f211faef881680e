/** Random .cpuprofile files, and a slow implementation of the time rule. */

import fc from 'fast-check';
import type { FunctionTable } from '../../src/model/function-table.ts';

export interface AnyRecording {
  /** node -> the node above, -1 for the root, which is node 0 */
  readonly parent: readonly number[];
  readonly names: readonly string[];
  readonly urls: readonly string[];
  /** sample -> node; one beyond the last node is a node that is not in the file */
  readonly samples: readonly number[];
  readonly deltas: readonly number[];
  readonly startTime: number;
  readonly endTime: number | undefined;
  /** The file. */
  readonly document: unknown;
}

const NAMES = ['a', 'b', 'c', '', '(idle)', '(program)', '(garbage collector)', '(root)'];

/** Trees by children or by parent, in any order of nodes, any ids; deltas of any sign; endTime missing, early or late. */
export function recordings(delta: fc.Arbitrary<number> = wholeDelta): fc.Arbitrary<AnyRecording> {
  return fc.integer({ min: 1, max: 12 }).chain((count) =>
    fc
      .record({
        above: fc.array(fc.nat(), { minLength: count, maxLength: count }),
        names: fc.array(fc.constantFrom(...NAMES), { minLength: count, maxLength: count }),
        urls: fc.array(fc.constantFrom('', '', 'file:///x.js'), { minLength: count, maxLength: count }),
        ids: fc.uniqueArray(fc.nat(2 ** 31 - 1), { minLength: count + 1, maxLength: count + 1 }),
        order: fc.shuffledSubarray(
          Array.from({ length: count }, (_, i) => i),
          { minLength: count, maxLength: count },
        ),
        links: fc.constantFrom('children', 'parent', 'both'),
        taken: fc.array(fc.tuple(fc.nat(count), delta), { minLength: 1, maxLength: 20 }),
        startTime: fc.constantFrom(0, 1_000_000, 1_700_000_000_000_000),
        ends: fc.oneof(
          fc.constant(undefined),
          fc.integer({ min: -3000, max: -1 }),
          fc.integer({ min: 0, max: 3000 }),
          fc.integer({ min: 0, max: 10_000_000 }),
        ),
      })
      .map((drawn) => assemble(drawn)),
  );
}

const wholeDelta = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 800, max: 1200 }) },
  { weight: 2, arbitrary: fc.integer({ min: -2500, max: 2500 }) },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 1_000_000 }) },
);

interface Drawn {
  readonly above: readonly number[];
  readonly names: readonly string[];
  readonly urls: readonly string[];
  readonly ids: readonly number[];
  readonly order: readonly number[];
  readonly links: string;
  readonly taken: readonly (readonly [node: number, delta: number])[];
  readonly startTime: number;
  readonly ends: number | undefined;
}

function assemble({ above, names, urls, ids, order, links, taken, startTime, ends }: Drawn): AnyRecording {
  const parent = above.map((number, node) => (node === 0 ? -1 : number % node));
  const tree = {
    parent,
    names: names.map((name, node) => (node === 0 ? '(root)' : name)),
    urls: urls.map((url, node) => (node === 0 ? '' : url)),
  };
  const samples = taken.map(([node]) => node);
  const deltas = taken.map(([, delta]) => delta);
  const last = Math.max(...timestamps(startTime, deltas));
  // A recording does not end before it starts.
  const endTime = ends === undefined ? undefined : ends < 0 ? last + ends : Math.max(last, startTime) + ends;
  const nodes = order.map((node) => ({
    id: ids[node],
    callFrame: { functionName: tree.names[node], url: tree.urls[node], lineNumber: -1, columnNumber: -1 },
    ...(links === 'parent' ? {} : { children: ids.filter((_, child) => parent[child] === node) }),
    ...(links === 'children' || node === 0 ? {} : { parent: ids[parent[node] ?? -1] }),
  }));
  const document = { nodes, samples: samples.map((node) => ids[node]), timeDeltas: deltas, startTime, endTime };
  return { ...tree, samples, deltas, startTime, endTime, document };
}

function timestamps(startTime: number, deltas: readonly number[]): number[] {
  let now = startTime;
  return deltas.map((delta) => {
    now += delta;
    return now;
  });
}

// ---- the rule ------------------------------------------------------------------------------------------------------

export interface Reckoning {
  readonly beforeFirstSample: number;
  readonly afterLastSample: number;
  readonly interval: number | null;
  /** Function, as labelled by `label`, -> [self, total] in µs. */
  readonly metrics: Readonly<Record<string, readonly [self: number, total: number]>>;
}

/** A sample: its stack, time and duration. */
export interface TimedStack {
  /** µs since startTime */
  readonly start: number;
  readonly weight: number;
  /** Labels, outermost first; null for a node that is not in the file. */
  readonly stack: readonly string[] | null;
}

export interface Timeline {
  readonly beforeFirstSample: number;
  /** From the end of the last sample to the end of the recording. */
  readonly rest: number;
  readonly duration: number;
  readonly interval: number | null;
  readonly stacks: readonly TimedStack[];
}

/** The samples in order of time with their durations, for whole µs and files with timeDeltas. */
export function timelineOf(recording: AnyRecording): Timeline {
  const { startTime, endTime } = recording;
  const stamps = timestamps(startTime, recording.deltas);
  const ordered = stamps
    .map((time, i) => ({ time, node: recording.samples[i] ?? -1, i }))
    .sort((a, b) => a.time - b.time || a.i - b.i);
  const gapsOf = (stamps: readonly number[]) => stamps.slice(1).map((time, i) => time - (stamps[i] ?? 0));
  const interval = median(gapsOf(ordered.map(({ time }) => time)).filter((gap) => gap > 0));
  // A sample before the start is taken to be at the start.
  const times = ordered.map(({ time }) => Math.max(time, startTime));
  const gaps = gapsOf(times);
  const last = times.at(-1) ?? 0;
  const rest = endTime === undefined || endTime < last ? null : endTime - last;
  const lastWeight = interval === null ? (rest ?? 0) : rest !== null && rest <= 2.5 * interval ? rest : interval;
  const stacks = stacksWithGc(
    recording,
    ordered.map(({ node }) => node),
  );
  return {
    beforeFirstSample: (times[0] ?? 0) - startTime,
    rest: rest === null ? 0 : rest - lastWeight,
    duration: last + (rest ?? lastWeight) - startTime,
    interval,
    stacks: [...gaps, lastWeight].map((weight, i) => ({
      start: (times[i] ?? 0) - startTime,
      weight,
      stack: stacks[i] ?? null,
    })),
  };
}

/** The time rule, sample by sample, stack by stack. */
export function applyTimeRule(recording: AnyRecording): Reckoning {
  const { beforeFirstSample, rest, interval, stacks } = timelineOf(recording);
  const metrics: Record<string, [number, number]> = {};
  let afterLastSample = rest;
  for (const { stack, weight } of stacks) {
    if (stack === null) {
      afterLastSample += weight;
      continue;
    }
    for (const label of new Set(stack)) {
      const figure = metrics[label] ?? [0, 0];
      metrics[label] = [figure[0] + (label === stack.at(-1) ? weight : 0), figure[1] + weight];
    }
  }
  return { beforeFirstSample, afterLastSample, interval, metrics };
}

function median(gaps: readonly number[]): number | null {
  if (gaps.length === 0) return null;
  const sorted = [...gaps].sort((a, b) => a - b);
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return Math.max(1, (low + high) / 2);
}

/** Sample -> labels of its stack, outermost first; null for a node that is not in the file. */
function stacksWithGc({ parent, names, urls }: AnyRecording, samples: readonly number[]): (string[] | null)[] {
  const metaOf = (node: number) =>
    parent[node] === 0 &&
    urls[node] === '' &&
    ['(idle)', '(program)', '(garbage collector)'].includes(names[node] ?? '')
      ? names[node]
      : undefined;
  const stackOf = (node: number): string[] =>
    node === 0
      ? []
      : [...stackOf(parent[node] ?? 0), label(metaOf(node) !== undefined, names[node] ?? '', urls[node] ?? '')];
  let before: number | null = null;
  return samples.map((node) => {
    if (node >= parent.length) {
      before = null;
      return null;
    }
    if (metaOf(node) === '(garbage collector)') {
      const joins = before !== null && before !== 0 && metaOf(before) === undefined;
      return [...(joins ? stackOf(before ?? 0) : []), ...stackOf(node)];
    }
    before = node;
    return node === 0 ? ['meta (no stack) '] : stackOf(node);
  });
}

/** The label of a function of a profile. */
export function labelOf({ kind, name, file }: FunctionTable, fn: number): string {
  const isMeta = ['idle', 'program', 'gc', 'none'].includes(kind[fn] ?? '');
  return label(isMeta, name[fn] ?? '', file[fn] ?? '');
}

/** The label of a function. */
export function label(meta: boolean, name: string, url: string): string {
  return `${meta ? 'meta' : 'code'} ${name} ${url}`;
}
