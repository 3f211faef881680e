/**
 * Profiles → one processed profile of the Firefox profiler, version 60: later viewers upgrade it. A profile is a thread.
 * A frame is a function and an executing line; samples have their time and weight in ms.
 */

import { getOrInsert } from '../../base/maps.ts';
import { decodeFileUrl } from '../../base/url.ts';
import { VERSION } from '../../base/version.ts';
import type { NodeIndex } from '../../model/call-tree.ts';
import { at } from '../../model/columns.ts';
import {
  type FunctionIndex,
  type FunctionKind,
  type FunctionTable,
  FunctionTableBuilder,
  functionAt,
} from '../../model/function-table.ts';
import { PairIndex } from '../../model/pair-index.ts';
import type { StacksProfile } from '../../model/profile.ts';
import type { Part, WriteOptions, WrittenFile } from '../format.ts';
import {
  eachLineOfNode,
  isWrittenKind,
  nodesAsSamples,
  requireTimes,
  writtenName,
  writtenStacks,
} from '../stacks/written-stacks.ts';

/** The first is the default, which the viewer requires to be grey. */
const CATEGORIES = [
  { name: 'Other', color: 'grey' },
  { name: 'JavaScript', color: 'yellow' },
  { name: 'Node', color: 'green' },
  { name: 'Native', color: 'blue' },
  { name: 'GC', color: 'orange' },
  { name: 'Idle', color: 'transparent' },
].map((category) => ({ ...category, subcategories: ['Other'] }));

const PREPROCESSED_VERSION = 60;

/** Throws PstatError (`missing-data`) for an edges profile, and for one without times. */
export function writeFirefox(parts: readonly Part[], options: WriteOptions): WrittenFile {
  const tables = new SharedTables();
  const profiles = parts.map(({ profile }) => requireTimes(profile));
  const threads = parts.map(({ profile, name }, i) => ({
    ...threadFacts(name, i),
    samples: new ThreadSamples(requireTimes(profile), tables, options).columns(),
  }));
  const file = {
    meta: metaOf(profiles),
    libs: [],
    pages: [],
    shared: tables.finish(),
    threads,
  };
  return { bytes: Buffer.from(`${JSON.stringify(file)}\n`), rows: tables.functions, notes: [] };
}

function metaOf(profiles: readonly StacksProfile[]) {
  const [first] = profiles;
  const start = first?.request?.start ?? first?.run?.start ?? 0;
  return {
    interval: (first?.interval ?? 1000) / 1000,
    startTime: start,
    processType: 0,
    product: `pstat ${VERSION}`,
    stackwalk: 0,
    debug: false,
    version: 31,
    preprocessedProfileVersion: PREPROCESSED_VERSION,
    categories: CATEGORIES,
    markerSchema: [],
    symbolicated: true,
    sampleUnits: { time: 'ms', eventDelay: 'ms', threadCPUDelta: 'µs' },
  };
}

function threadFacts(name: string, number: number) {
  return {
    processType: 'default',
    processStartupTime: 0,
    processShutdownTime: null,
    registerTime: 0,
    unregisterTime: null,
    pausedRanges: [],
    name,
    isMainThread: number === 0,
    pid: String(number),
    tid: number,
    markers: { data: [], name: [], startTime: [], endTime: [], phase: [], category: [], length: 0 },
  };
}

/** The tables that all threads refer to. */
class SharedTables {
  readonly #strings = new Map<string, number>();
  readonly #sources = new Map<string, number>();
  /** source -> its string */
  readonly #filenames: number[] = [];
  readonly #functions = new FunctionTableBuilder();
  /** line and function -> frame */
  readonly #frames = new PairIndex();
  /** prefix, -1 for none, and frame -> stack */
  readonly #stacks = new PairIndex();

  get functions(): number {
    return this.#functions.length;
  }

  /** Returns the stack of a frame below another stack, which is null for the outermost. */
  stack(prefix: number | null, frame: number): number {
    return this.#stacks.indexOf(prefix ?? -1, frame);
  }

  /** @param line executing; 0 if not known */
  frame(functions: FunctionTable, fn: FunctionIndex, line: number): number {
    return this.#frames.indexOf(line, this.#functions.intern(functionAt(functions, fn)));
  }

  finish() {
    const functions = this.#functions.finish();
    const funcTable = this.#funcTable(functions);
    const func = [...this.#frames.seconds];
    const constant = <Value>(value: Value) => func.map(() => value);
    return {
      stackTable: {
        frame: [...this.#stacks.seconds],
        prefix: Array.from(this.#stacks.firsts, (prefix) => (prefix === -1 ? null : prefix)),
        length: this.#stacks.length,
      },
      frameTable: {
        address: constant(-1),
        inlineDepth: constant(0),
        category: func.map((fn) => categoryOf(at(functions.kind, fn), at(functions.file, fn))),
        subcategory: constant(0),
        func,
        nativeSymbol: constant(null),
        innerWindowID: constant(0),
        line: Array.from(this.#frames.firsts, (line) => (line === 0 ? null : line)),
        column: constant(null),
        length: func.length,
      },
      funcTable,
      resourceTable: { length: 0, lib: [], name: [], host: [], type: [] },
      nativeSymbols: { libIndex: [], address: [], name: [], functionSize: [], length: 0 },
      sources: {
        uuid: this.#filenames.map(() => null),
        filename: this.#filenames,
        length: this.#filenames.length,
      },
      stringArray: [...this.#strings.keys()],
    };
  }

  #funcTable(functions: FunctionTable) {
    const all = Array.from({ length: functions.length }, (_, fn) => functionAt(functions, fn));
    return {
      isJS: all.map(({ kind }) => kind === 'js' || kind === 'eval'),
      relevantForJS: all.map(() => false),
      name: all.map((_, fn) => this.#string(writtenName(functions, fn))),
      resource: all.map(() => -1),
      source: all.map(({ file }) => this.#source(decodeFileUrl(file))),
      lineNumber: all.map(({ line }) => (line === 0 ? null : line)),
      columnNumber: all.map(({ column }) => (column === 0 ? null : column)),
      length: all.length,
    };
  }

  #string(text: string): number {
    return getOrInsert(this.#strings, text, () => this.#strings.size);
  }

  #source(file: string): number | null {
    if (file === '') return null;
    return getOrInsert(this.#sources, file, () => this.#filenames.push(this.#string(file)) - 1);
  }
}

function categoryOf(kind: FunctionKind, file: string): number {
  const name = {
    gc: 'GC',
    idle: 'Idle',
    native: 'Native',
    builtin: 'Native',
    regexp: 'Native',
    js: file.startsWith('node:') ? 'Node' : 'JavaScript',
    eval: 'JavaScript',
    wasm: 'JavaScript',
    python: 'JavaScript',
    program: 'Other',
    none: 'Other',
    root: 'Other',
  }[kind];
  return CATEGORIES.findIndex((category) => category.name === name);
}

/** The samples of a thread: in order of time where the profile has times, else one a node and line. */
class ThreadSamples {
  readonly #profile: StacksProfile;
  readonly #tables: SharedTables;
  readonly #options: WriteOptions;
  readonly #stacks = new Map<number, number | null>();
  readonly #columns = { stack: [] as (number | null)[], time: [] as number[], weight: [] as number[] };

  constructor(profile: StacksProfile, tables: SharedTables, options: WriteOptions) {
    this.#profile = profile;
    this.#tables = tables;
    this.#options = options;
  }

  columns() {
    if (this.#profile.timeline === null) this.#addNodes();
    else this.#addTimeline(this.#profile.timeline);
    return { ...this.#columns, weightType: 'tracing-ms', length: this.#columns.stack.length };
  }

  #addTimeline({ length, node, time, duration, line }: NonNullable<StacksProfile['timeline']>): void {
    for (let sample = 0; sample < length; sample++) {
      const executing = line === null ? 0 : at(line, sample);
      this.#add(this.#stackOf(at(node, sample), executing), at(time, sample), at(duration, sample));
    }
  }

  #addNodes(): void {
    const written = writtenStacks(this.#profile, 1, this.#options);
    let time = 0;
    for (const node of nodesAsSamples(written)) {
      eachLineOfNode(written, node, (line, self) => {
        this.#add(this.#stackOf(node, line ?? 0), time, self);
        time += self;
      });
    }
  }

  #add(stack: number | null, time: number, duration: number): void {
    this.#columns.stack.push(stack);
    this.#columns.time.push(time / 1000);
    this.#columns.weight.push(duration / 1000);
  }

  /** Null for a stack without functions: idle time, and nodes that are not in the file. */
  #stackOf(node: NodeIndex, line: number): number | null {
    if (node === -1) return null;
    const { callTree, functions } = this.#profile;
    const fn = at(callTree.function, node);
    if (!isWrittenKind(at(functions.kind, fn), this.#options)) return null;
    return this.#tables.stack(this.#callersOf(node), this.#tables.frame(functions, fn, line));
  }

  /** The stack of a node's callers, outermost first, without recursion. */
  #callersOf(node: NodeIndex): number | null {
    const { callTree, functions } = this.#profile;
    const missing: NodeIndex[] = [];
    let above = at(callTree.parent, node);
    for (; above !== -1 && !this.#stacks.has(above); above = at(callTree.parent, above)) missing.push(above);
    let stack = above === -1 ? null : (this.#stacks.get(above) ?? null);
    for (const each of missing.reverse()) {
      const fn = at(callTree.function, each);
      if (at(functions.kind, fn) !== 'root') stack = this.#tables.stack(stack, this.#tables.frame(functions, fn, 0));
      this.#stacks.set(each, stack);
    }
    return stack;
  }
}
