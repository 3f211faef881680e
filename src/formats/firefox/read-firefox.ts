/**
 * A processed profile of the Firefox profiler → RawProfiles, one a thread.
 *
 * Tables are shared since version 55 or so, and belonged to each thread before. A sample with a weight in ms stands for it;
 * with a weight in samples, or without one, for as many intervals. Gaps between samples are idle time: samply takes no
 * samples of a thread that does not run.
 */

import { getOrInsert } from '../../base/maps.ts';
import type { FunctionIndex } from '../../model/function-table.ts';
import type { Microseconds, RawStacksProfile } from '../../model/raw-profile.ts';
import { brokenField, unknownFirefoxVersion, wrongType } from '../errors.ts';
import type { Recording } from '../format.ts';
import {
  integerIn,
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  numberIn,
  objectAt,
  optionalNumber,
  optionalString,
} from '../json.ts';
import { type BuiltNode, functionFrom, StackBuilder } from '../stacks/stack-builder.ts';
import { StackLimits } from '../stacks/stack-limits.ts';

const MICROSECONDS_PER_MS = 1000;

/** Throws PstatError (`malformed`, `unknown-format`). */
export function readFirefox(value: unknown): readonly Recording[] {
  const file = objectAt(value, 'the file');
  const meta = objectAt(file['meta'], 'meta');
  if (meta['preprocessedProfileVersion'] === undefined) throw unknownFirefoxVersion();
  const interval = (optionalNumber(meta['interval'], 'meta.interval') ?? 1) * MICROSECONDS_PER_MS;
  if (interval < 0) throw brokenField('meta.interval', 'is negative');
  const shared = isObject(file['shared']) ? file['shared'] : {};
  const product = optionalString(meta['product'], '', 'meta.product');
  const limits = new StackLimits();
  const recordings = listAt(file['threads'], 'threads').map((each, i) => {
    const thread = objectAt(each, `threads[${i}]`);
    const tables = new Tables(shared, thread, `threads[${i}]`);
    return { thread: threadOf(thread, i), profile: readThread(thread, tables, { interval, product, limits }) };
  });
  if (recordings.length === 0) throw brokenField('threads', 'is empty');
  return recordings.length === 1 ? recordings.map(({ profile }) => ({ thread: null, profile })) : recordings;
}

function threadOf(thread: JsonObject, i: number): NonNullable<Recording['thread']> {
  const id = (field: string) => {
    const value = Number(
      typeof thread[field] === 'string' || typeof thread[field] === 'number' ? thread[field] : Number.NaN,
    );
    return Number.isInteger(value) ? value : null;
  };
  return {
    process: optionalString(thread['processName'], '', `threads[${i}].processName`) || null,
    name: optionalString(thread['name'], '', `threads[${i}].name`) || null,
    pid: id('pid'),
    tid: id('tid'),
  };
}

/** A table of columns: in `shared`, or in the thread. */
type Column = readonly unknown[];

class Tables {
  readonly #shared: JsonObject;
  readonly #thread: JsonObject;
  readonly place: string;

  constructor(shared: JsonObject, thread: JsonObject, place: string) {
    this.#shared = shared;
    this.#thread = thread;
    this.place = place;
  }

  table(name: string): { readonly table: JsonObject; readonly place: string } {
    const isShared = this.#shared[name] !== undefined;
    const place = isShared ? `shared.${name}` : `${this.place}.${name}`;
    return { table: objectAt(isShared ? this.#shared[name] : this.#thread[name], place), place };
  }

  strings(): Column {
    const inThread = this.#thread['stringArray'] ?? this.#thread['stringTable'];
    return listAt(this.#shared['stringArray'] ?? inThread, 'shared.stringArray');
  }

  has(name: string): boolean {
    return isObject(this.#shared[name] ?? this.#thread[name]);
  }
}

function readThread(
  thread: JsonObject,
  tables: Tables,
  about: { interval: number; product: string; limits: StackLimits },
): RawStacksProfile {
  const builder = new StackBuilder(about.limits);
  const stackNode = new StackNodes(tables, builder);
  const place = `${tables.place}.samples`;
  const samples = objectAt(thread['samples'], place);
  const stacks = listAt(samples['stack'], `${place}.stack`);
  const times = sampleTimes(samples, place);
  const weightOf = weights(samples, place, about.interval);
  stacks.forEach((stack, i) => {
    const { node, line } =
      stack === null || stack === undefined
        ? { node: builder.idle(), line: 0 }
        : stackNode.find(integerIn(stacks, i, `${place}.stack`));
    builder.addAfterGap({ node, line, time: times[i] ?? 0, amount: weightOf(i), hits: 1 }, about.interval);
  });
  return builder.finish({ format: about.product === '' ? 'Firefox profile' : `Firefox profile (${about.product})` });
}

/** µs; the file has times or the time since the sample before. */
function sampleTimes(samples: JsonObject, place: string): Microseconds[] {
  const deltas = samples['timeDeltas'];
  const list = listAt(deltas ?? samples['time'], `${place}.time`);
  let time = 0;
  return list.map((_, i) => {
    const value = numberIn(list, i, `${place}.time`) * MICROSECONDS_PER_MS;
    time = deltas === undefined ? value : time + value;
    return time;
  });
}

function weights(samples: JsonObject, place: string, interval: Microseconds): (sample: number) => Microseconds {
  const list = samples['weight'];
  if (list === null || list === undefined) return () => interval;
  const weightList = listAt(list, `${place}.weight`);
  const unit = samples['weightType'] === 'tracing-ms' ? MICROSECONDS_PER_MS : interval;
  return (i) => {
    const weight = numberAt(weightList[i], `${place}.weight[${i}]`) * unit;
    if (weight < 0) throw brokenField(`${place}.weight[${i}]`, 'is negative');
    return weight;
  };
}

/** Stack -> node and executing line, on demand and without recursion. */
class StackNodes {
  readonly #prefix: Column;
  readonly #frame: Column;
  readonly #place: string;
  readonly #functionOf: (frame: number) => FunctionIndex;
  readonly #lineOf: (frame: number) => number;
  readonly #builder: StackBuilder;
  readonly #known = new Map<number, BuiltNode>();

  constructor(tables: Tables, builder: StackBuilder) {
    const { table, place } = tables.table('stackTable');
    this.#prefix = listAt(table['prefix'], `${place}.prefix`);
    this.#frame = listAt(table['frame'], `${place}.frame`);
    this.#place = place;
    this.#builder = builder;
    const frames = frameLookup(tables, builder);
    this.#functionOf = frames.functionOf;
    this.#lineOf = frames.lineOf;
  }

  find(stack: number): { readonly node: BuiltNode; readonly line: number } {
    const missing: number[] = [];
    let above = stack;
    while (above !== -1 && !this.#known.has(above)) {
      missing.push(above);
      above = this.#prefixOf(above);
    }
    let node = above === -1 ? this.#builder.root : (this.#known.get(above) ?? this.#builder.root);
    for (const each of missing.reverse()) {
      node = this.#builder.child(node, this.#functionOf(integerIn(this.#frame, each, `${this.#place}.frame`)));
      this.#known.set(each, node);
    }
    return { node, line: this.#lineOf(integerIn(this.#frame, stack, `${this.#place}.frame`)) };
  }

  /** A prefix comes before its stack, so there is no cycle. */
  #prefixOf(stack: number): number {
    const prefix = this.#prefix[stack];
    if (prefix === null) return -1;
    const place = `${this.#place}.prefix[${stack}]`;
    if (typeof prefix !== 'number' || !Number.isInteger(prefix)) throw wrongType(place, 'a stack or null', prefix);
    if (prefix < 0 || prefix >= stack) throw brokenField(place, `names stack ${prefix}, which does not come before`);
    return prefix;
  }
}

function frameLookup(tables: Tables, builder: StackBuilder) {
  const { table: frames, place: framePlace } = tables.table('frameTable');
  const { table: funcs, place: funcPlace } = tables.table('funcTable');
  const strings = tables.strings();
  const column = (table: JsonObject, place: string, name: string) => listAt(table[name], `${place}.${name}`);
  const func = column(frames, framePlace, 'func');
  const names = column(funcs, funcPlace, 'name');
  const fileOf = fileLookup(tables, { funcs, place: funcPlace }, strings);
  const known = new Map<number, FunctionIndex>();
  const functionOf = (frame: number): FunctionIndex => {
    const fn = integerIn(func, frame, `${framePlace}.func`);
    return getOrInsert(known, fn, () => {
      const info = functionFrom({
        name: stringAt(strings, integerIn(names, fn, `${funcPlace}.name`)),
        file: fileOf(fn),
        line: positionIn(funcs['lineNumber'], fn),
        column: positionIn(funcs['columnNumber'], fn),
      });
      return builder.functions.intern(info);
    });
  };
  return { functionOf, lineOf: (frame: number) => positionIn(frames['line'], frame) };
}

/** Version 57 has sources; before, the function has the name of its file. */
function fileLookup(
  tables: Tables,
  { funcs, place }: { readonly funcs: JsonObject; readonly place: string },
  strings: Column,
): (fn: number) => string {
  const column = funcs['source'];
  if (Array.isArray(column) && tables.has('sources')) {
    const { table, place: sourcesPlace } = tables.table('sources');
    const filenames = listAt(table['filename'], `${sourcesPlace}.filename`);
    const name = (source: number) => integerIn(filenames, source, `${sourcesPlace}.filename`);
    return (fn) => (column[fn] === null ? '' : stringAt(strings, name(integerIn(column, fn, `${place}.source`))));
  }
  const own = funcs['fileName'];
  return (fn) =>
    Array.isArray(own) && own[fn] !== null ? stringAt(strings, integerIn(own, fn, `${place}.fileName`)) : '';
}

function stringAt(strings: Column, index: number): string {
  const text = strings[index];
  if (typeof text !== 'string') throw wrongType(`shared.stringArray[${index}]`, 'a text', text);
  return text;
}

/** 1-based; 0 if the file does not say. */
function positionIn(column: unknown, index: number): number {
  const value = Array.isArray(column) ? column[index] : null;
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : 0;
}
