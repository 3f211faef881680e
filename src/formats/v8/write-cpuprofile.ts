/**
 * Profile → .cpuprofile, for DevTools, VS Code and other viewers. Reading the file gives the same figures again.
 *
 * With sample times, samples are written in their order, and time that is not written is `(idle)`. Without them there is
 * one sample a node. An idle sample of 0 µs ends a part of a recording, since the last sample of a file owns at most 2.5
 * intervals (sample-durations.ts).
 * The collector is below the root, where V8 has it; readers hang it below the stack before it.
 */

import { addTo, getOrInsert } from '../../base/maps.ts';
import type { NodeIndex } from '../../model/call-tree.ts';
import { at } from '../../model/columns.ts';
import {
  type FunctionIndex,
  type FunctionKind,
  type FunctionTable,
  functionAt,
  META_NAMES,
  type MetaKind,
} from '../../model/function-table.ts';
import { measureIntervals } from '../../model/normalize/intervals.ts';
import { durationOfLast } from '../../model/normalize/sample-durations.ts';
import type { StacksProfile, Timeline } from '../../model/profile.ts';
import type { RequestFacts, RunMetadata } from '../../model/raw-profile.ts';
import type { Part, WriteOptions, WrittenFile } from '../format.ts';
import {
  isWrittenKind,
  requireTimes,
  unmistakableName,
  type WrittenStacks,
  writtenStacks,
} from '../stacks/written-stacks.ts';

/** Samples as the file lists them: each lasts until the next, the last one until `end`. */
interface SampleList {
  readonly ids: number[];
  readonly times: number[];
  readonly end: number;
}

/** Throws PstatError (`missing-data`) for an edges profile, and for one without times. */
export function writeCpuprofile(parts: readonly Part[], options: WriteOptions): WrittenFile {
  const { profile } = at(parts, 0);
  const stacks = requireTimes(profile);
  const nodes = new WrittenNodes(stacks);
  const list =
    stacks.timeline === null || stacks.isUndisturbed
      ? oneSampleANode(stacks, nodes)
      : samplesInOrder(stacks, stacks.timeline, nodes);
  const file = {
    nodes: nodes.list(list.ids),
    startTime: 0,
    endTime: list.end,
    samples: list.ids,
    timeDeltas: list.times.map((time, i) => time - (list.times[i - 1] ?? 0)),
    ...metadata(stacks),
  };
  const rows = new Set(stacks.callTree.function);
  return {
    bytes: Buffer.from(`${JSON.stringify(file)}\n`),
    rows: [...rows].filter((fn) => isWrittenKind(at(stacks.functions.kind, fn), options)).length,
    notes: stacks.linesAreSampled ? [{ code: 'written-executing-lines' }] : [],
  };
}

/** V8's own nodes that are added below the root. */
type AddedKind = 'idle' | 'gc';

/** The nodes of the file. Ids are rows of the call tree + 2, and 1 is the root. */
class WrittenNodes {
  readonly #stacks: StacksProfile;
  readonly #scripts = new Map<string, number>();
  /** Ids of V8's own nodes; new ones where the tree has none below its root. */
  readonly #metaIds: Record<AddedKind, number>;

  constructor(stacks: StacksProfile) {
    this.#stacks = stacks;
    this.#metaIds = { idle: this.#metaId('idle', 2), gc: this.#metaId('gc', 3) };
  }

  #metaId(kind: AddedKind, newId: number): number {
    const { callTree, functions } = this.#stacks;
    const isTop = (node: number) => {
      const parent = at(callTree.parent, node);
      return parent === -1 || at(functions.kind, at(callTree.function, parent)) === 'root';
    };
    const known = callTree.function.findIndex((fn, node) => at(functions.kind, fn) === kind && isTop(node));
    return known === -1 ? callTree.length + newId : known + 2;
  }

  idOf(node: number): number {
    const { callTree, functions } = this.#stacks;
    const kind = at(functions.kind, at(callTree.function, node));
    if (kind === 'gc') return this.#metaIds.gc;
    // A sample of the root is one with an empty stack.
    return kind === 'root' || kind === 'none' ? 1 : node + 2;
  }

  /** The code that a collector's node interrupted; -1 for other nodes, and for a collector below the root. */
  interruptedBy(node: number): number {
    const { callTree, functions } = this.#stacks;
    const parent = at(callTree.parent, node);
    const isBelowCode = parent !== -1 && at(functions.kind, at(callTree.function, parent)) !== 'root';
    return isBelowCode && at(functions.kind, at(callTree.function, node)) === 'gc' ? parent : -1;
  }

  isCollector(id: number): boolean {
    return id === this.#metaIds.gc;
  }

  idleId(): number {
    return this.#metaIds.idle;
  }

  list(samples: readonly number[]) {
    const { callTree, functions } = this.#stacks;
    const hits = new Map<number, number>();
    for (const id of samples) hits.set(id, (hits.get(id) ?? 0) + 1);
    const children = new Map<number, number[]>([[1, []]]);
    const parentOf = (node: number) => (at(callTree.parent, node) === -1 ? 1 : this.idOf(at(callTree.parent, node)));
    const written = [...callTree.function.keys()].filter((node) => this.idOf(node) === node + 2);
    for (const node of written) addTo(children, parentOf(node), node + 2);
    const added = (['idle', 'gc'] as const).filter((kind) => {
      const id = this.#metaIds[kind];
      return id >= callTree.length + 2 && hits.has(id);
    });
    for (const kind of added) addTo(children, 1, this.#metaIds[kind]);
    const entry = (id: number, callFrame: unknown) => {
      const below = children.get(id) ?? [];
      return { id, callFrame, hitCount: hits.get(id) ?? 0, ...(below.length === 0 ? {} : { children: below }) };
    };
    return [
      entry(1, metaFrame('root')),
      ...written.map((node) => ({
        ...entry(node + 2, this.#frame(functions, at(callTree.function, node))),
        ...positionTicks(callTree, node),
      })),
      ...added.map((kind) => entry(this.#metaIds[kind], metaFrame(kind))),
    ];
  }

  /** Lines and columns are 0-based, -1 where there is none. */
  #frame(functions: FunctionTable, fn: FunctionIndex) {
    const { kind, name, file, line, column } = functionAt(functions, fn);
    return {
      functionName: unmistakableName(name, kind),
      scriptId: HAS_SCRIPT.has(kind) ? this.#scriptId(file) : '0',
      url: file,
      lineNumber: line - 1,
      // WebAssembly has no columns: the field is the offset of a byte.
      columnNumber: kind === 'wasm' ? column : column - 1,
    };
  }

  #scriptId(file: string): string {
    const known = getOrInsert(this.#scripts, file, () => this.#scripts.size + 1);
    return String(known);
  }
}

/** V8's samples by line. */
function positionTicks({ lines }: StacksProfile['callTree'], node: number) {
  if (lines === null) return {};
  const ticks: { line: number; ticks: number }[] = [];
  for (let entry = at(lines.start, node); entry < at(lines.start, node + 1); entry++) {
    if (at(lines.samples, entry) > 0) ticks.push({ line: at(lines.line, entry), ticks: at(lines.samples, entry) });
  }
  return ticks.length === 0 ? {} : { positionTicks: ticks };
}

const HAS_SCRIPT: ReadonlySet<FunctionKind> = new Set(['js', 'eval', 'wasm', 'python']);

function metaFrame(kind: MetaKind) {
  return { functionName: META_NAMES[kind], scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
}

/**
 * Idle time keeps its place, whether it is a row or not: it is how viewers know that nothing ran. Where the stack below a
 * collector is not the sample before it, because that was excluded, a sample of 0 µs stands for it. Samples of no node are
 * written as idle time too; the profile has their time behind the last sample.
 */
function samplesInOrder(profile: StacksProfile, timeline: Timeline, nodes: WrittenNodes): SampleList {
  const ids: number[] = [];
  const times: number[] = [];
  // A window or focus may exclude what came first.
  const origin = timeline.length === 0 ? 0 : at(timeline.time, 0) - profile.beforeFirstSample;
  let end = profile.beforeFirstSample;
  let unresolved = 0;
  /** The last id that is not the collector's, below which readers hang a collector. */
  let last = -1;
  const add = (id: number, time: number) => {
    ids.push(id);
    times.push(time);
    if (!nodes.isCollector(id)) last = id;
  };
  for (let i = 0; i < timeline.length; i++) {
    const time = at(timeline.time, i) - origin;
    if (time > end) add(nodes.idleId(), end);
    const node = at(timeline.node, i);
    const interrupted = node === -1 ? -1 : nodes.interruptedBy(node);
    if (interrupted !== -1 && last !== nodes.idOf(interrupted)) add(nodes.idOf(interrupted), time);
    add(node === -1 ? nodes.idleId() : nodes.idOf(node), time);
    end = time + at(timeline.duration, i);
    if (node === -1) unresolved += at(timeline.duration, i);
  }
  const tail = Math.max(0, profile.afterLastSample - unresolved);
  if (!lastKeepsDuration(times, end, tail)) add(nodes.idleId(), end);
  return { ids, times, end: end + tail };
}

/** Whether a reader gives the last sample the time until `end`. */
function lastKeepsDuration(times: readonly number[], end: number, afterLastSample: number): boolean {
  const { median } = measureIntervals(Float64Array.from(times));
  const duration = end - (times.at(-1) ?? end);
  return durationOfLast(duration + afterLastSample, median === null ? null : Math.max(1, median)) === duration;
}

function oneSampleANode(profile: StacksProfile, nodes: WrittenNodes): SampleList {
  const written = writtenStacks(profile, 1, { idle: true });
  const times: number[] = [];
  const ids: number[] = [];
  let end = 0;
  for (const node of inReadableOrder(written)) {
    ids.push(nodes.idOf(node));
    times.push(end);
    end += at(written.self, node);
  }
  return { ids: [...ids, nodes.idleId()], times: [...times, end], end };
}

/**
 * Readers hang a collector below the stack before it: one below the root comes first, another behind its stack, which
 * lasts 0 µs if it has no time of its own.
 */
function inReadableOrder({ nodes, callTree, functions }: WrittenStacks): NodeIndex[] {
  const isCollector = (node: NodeIndex) => at(functions.kind, at(callTree.function, node)) === 'gc';
  const isBelowCode = (node: NodeIndex) => {
    const parent = at(callTree.parent, node);
    return parent !== -1 && at(functions.kind, at(callTree.function, parent)) !== 'root';
  };
  const collectors = nodes.filter(isCollector);
  const collectorOf = new Map(collectors.filter(isBelowCode).map((node) => [at(callTree.parent, node), node]));
  const others = new Set([...nodes.filter((node) => !isCollector(node)), ...collectorOf.keys()]);
  return [
    ...collectors.filter((node) => !isBelowCode(node)),
    ...[...others].flatMap((node) => [node, ...(collectorOf.has(node) ? [collectorOf.get(node) ?? node] : [])]),
  ];
}

/** The times of a run are those of the whole recording. */
function metadata({ request, run, excluded }: StacksProfile) {
  return pstatMetadata({ ...(request && { request }), ...(run && excluded === 0 && { run }) });
}

/** pstat's own facts, under a key that other viewers ignore. */
export function pstatMetadata({ request, run }: { readonly request?: RequestFacts; readonly run?: RunMetadata }) {
  if (request === undefined && run === undefined) return {};
  return {
    pstat: {
      ...(request === undefined ? {} : requestFields(request)),
      ...(run === undefined ? {} : { run: runFields(run) }),
    },
  };
}

function requestFields({ worker, start, ...facts }: RequestFacts) {
  const [pid, thread] = worker?.split('/').map(Number) ?? [];
  return { ...facts, start: isoTime(start), pid, thread };
}

function runFields({ start, ...facts }: RunMetadata) {
  return { ...facts, start: isoTime(start) };
}

function isoTime(start: number | null): string | undefined {
  return start === null ? undefined : new Date(start).toISOString();
}
