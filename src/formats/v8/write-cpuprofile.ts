/**
 * Profile → .cpuprofile, for DevTools, VS Code and other viewers. Reading the file gives the same figures again.
 *
 * With sample times, samples are written in their order, and time that is not written is `(idle)`. Without them there is
 * one sample a node, the shortest last, since the last sample of a file owns at most 2.5 intervals (sample-durations.ts).
 * A collector below the stack that it interrupted stays there.
 */

import { at } from '../../model/columns.ts';
import { type FunctionIndex, type FunctionKind, type FunctionTable, functionAt } from '../../model/function-table.ts';
import type { StacksProfile, Timeline } from '../../model/profile.ts';
import type { RequestFacts, RunMetadata } from '../../model/raw-profile.ts';
import type { Part, WriteOptions, WrittenFile } from '../format.ts';
import { isWrittenKind, requireStacks, writtenStacks } from '../stacks/written-stacks.ts';

/** Samples as the file lists them: each lasts until the next, the last one until `end`. */
interface SampleList {
  readonly ids: number[];
  readonly times: number[];
  readonly end: number;
}

/** Throws PstatError (`missing-data`) for an edges profile, and for one without times. */
export function writeCpuprofile([{ profile }]: readonly [Part, ...Part[]], options: WriteOptions): WrittenFile {
  const stacks = requireStacks(profile);
  const nodes = new WrittenNodes(stacks);
  const list =
    stacks.timeline === null ? oneSampleANode(stacks, nodes) : samplesInOrder(stacks, stacks.timeline, nodes);
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
    notes: stacks.linesAreSampled
      ? ['the lines of functions are those that were executing, which other viewers cannot know']
      : [],
  };
}

/** The nodes of the file. Ids are rows of the call tree + 2, and 1 is the root. */
class WrittenNodes {
  readonly #stacks: StacksProfile;
  readonly #scripts = new Map<string, number>();
  #idle: number | null = null;

  constructor(stacks: StacksProfile) {
    this.#stacks = stacks;
  }

  idOf(node: number): number {
    const { callTree, functions } = this.#stacks;
    const kind = at(functions.kind, at(callTree.function, node));
    // A sample of the root is one with an empty stack.
    return kind === 'root' || kind === 'none' ? 1 : node + 2;
  }

  /** The id of the idle node, a new one if the tree has none. */
  idleId(): number {
    const { callTree, functions } = this.#stacks;
    const known = callTree.function.findIndex((fn) => at(functions.kind, fn) === 'idle');
    this.#idle ??= known === -1 ? callTree.length + 2 : known + 2;
    return this.#idle;
  }

  list(samples: readonly number[]) {
    const { callTree, functions } = this.#stacks;
    const hits = new Map<number, number>();
    for (const id of samples) hits.set(id, (hits.get(id) ?? 0) + 1);
    const children = new Map<number, number[]>([[1, []]]);
    const parentOf = (node: number) => (at(callTree.parent, node) === -1 ? 1 : this.idOf(at(callTree.parent, node)));
    const written = [...callTree.function.keys()].filter((node) => this.idOf(node) !== 1);
    for (const node of written) addTo(children, parentOf(node), node + 2);
    const hasOwnIdle = this.#idle === callTree.length + 2;
    if (hasOwnIdle) addTo(children, 1, callTree.length + 2);
    const entry = (id: number, callFrame: unknown) => {
      const below = children.get(id) ?? [];
      return { id, callFrame, hitCount: hits.get(id) ?? 0, ...(below.length === 0 ? {} : { children: below }) };
    };
    return [
      entry(1, metaFrame('(root)')),
      ...written.map((node) => ({
        ...entry(node + 2, this.#frame(functions, at(callTree.function, node))),
        ...positionTicks(callTree, node),
      })),
      ...(hasOwnIdle ? [entry(callTree.length + 2, metaFrame('(idle)'))] : []),
    ];
  }

  /** Lines and columns are 0-based, -1 where there is none. */
  #frame(functions: FunctionTable, fn: FunctionIndex) {
    const { kind, name, file, line, column } = functionAt(functions, fn);
    return {
      functionName: name,
      scriptId: HAS_SCRIPT.has(kind) ? this.#scriptId(file) : '0',
      url: file,
      lineNumber: line - 1,
      // WebAssembly has no columns: the field is the offset of a byte.
      columnNumber: kind === 'wasm' ? column : column - 1,
    };
  }

  #scriptId(file: string): string {
    const known = this.#scripts.get(file) ?? this.#scripts.size + 1;
    this.#scripts.set(file, known);
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

function addTo(lists: Map<number, number[]>, key: number, value: number): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [value]);
  else known.push(value);
}

function metaFrame(functionName: string) {
  return { functionName, scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
}

/** Idle time keeps its place, whether it is a row or not: it is how viewers know that nothing ran. */
function samplesInOrder(profile: StacksProfile, timeline: Timeline, nodes: WrittenNodes): SampleList {
  const ids: number[] = [];
  const times: number[] = [];
  let end = 0;
  for (let i = 0; i < timeline.length; i++) {
    const time = at(timeline.time, i);
    if (ids.length > 0 && time > end) {
      ids.push(nodes.idleId());
      times.push(end);
    }
    const node = at(timeline.node, i);
    ids.push(node === -1 ? nodes.idleId() : nodes.idOf(node));
    times.push(time);
    end = time + at(timeline.duration, i);
  }
  return { ids, times, end: end + profile.afterLastSample };
}

function oneSampleANode(profile: StacksProfile, nodes: WrittenNodes): SampleList {
  const written = writtenStacks(profile, 1, { idle: true });
  const shortest = written.nodes.reduce(
    (a, b) => (at(written.self, b) < at(written.self, a) ? b : a),
    written.nodes[0] ?? 0,
  );
  const ordered = [
    ...written.nodes.filter((node) => node !== shortest),
    ...(written.nodes.length > 0 ? [shortest] : []),
  ];
  const times: number[] = [];
  let end = 0;
  for (const node of ordered) {
    times.push(end);
    end += at(written.self, node);
  }
  return { ids: ordered.map((node) => nodes.idOf(node)), times, end };
}

/** pstat's own facts, under a key that other viewers ignore. */
function metadata({ request, run }: StacksProfile) {
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
