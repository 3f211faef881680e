/**
 * The dictionary that CPython's `pstats.Stats` keeps: function -> numbers and callers, in file order. The order
 * matters: unsorted lists follow it, and so do ties in sorted ones.
 * https://github.com/python/cpython/blob/3.11/Lib/pstats.py
 */

import { getOrInsert } from '../base/maps.ts';
import { pythonKeys } from '../formats/python/function-keys.ts';
import type { CallGraph, Metrics } from '../model/call-graph.ts';
import { at, defined } from '../model/columns.ts';
import { addCounts, type Count } from '../model/count.ts';
import type { FunctionIndex } from '../model/function-table.ts';
import type { Seconds } from '../model/raw-profile.ts';
import { builtinName } from '../query/places.ts';
import { cannotAdd } from './errors.ts';

/** A key of the dictionary. */
export interface PythonFunction {
  /** Equal exactly for equal functions. */
  readonly key: string;
  readonly file: string;
  readonly line: number;
  readonly name: string;
  /** The text that pstats prints and that restrictions match. */
  readonly printed: string;
}

/** In the order of CPython's tuple. Samples: `primitive` counts those on top of the stack, `calls` those anywhere on it. */
export interface Numbers {
  readonly primitive: Count;
  readonly calls: Count;
  readonly own: Seconds;
  readonly cumulative: Seconds;
}

/** The numbers of one caller; a bare count from profilers that do not time callers. */
export type CallerNumbers = Numbers | Count;

export interface Edge {
  readonly fn: PythonFunction;
  readonly numbers: CallerNumbers;
}

/** key -> the function at the other end, with the numbers of the edge */
export type Edges = ReadonlyMap<string, Edge>;

export interface Entry {
  readonly fn: PythonFunction;
  readonly numbers: Numbers;
  readonly callers: Edges;
}

/** key -> entry, in the order of the file */
export type Dictionary = ReadonlyMap<string, Entry>;

/** Builds the dictionary of a call graph, with or without V8's `(idle)`. */
export function buildDictionary(graph: CallGraph, withIdle: boolean): Dictionary {
  const { functions, rows, metrics, edges } = graph;
  const all = pythonKeys(functions).map(toPythonFunction);
  const functionOf = (index: FunctionIndex) => defined(all[index]);
  const callersOf = new Map<FunctionIndex, Map<string, Edge>>();
  for (let edge = 0; edge < edges.length; edge++) {
    const caller = functionOf(at(edges.caller, edge));
    const callee = at(edges.callee, edge);
    const callers = getOrInsert(callersOf, callee, () => new Map<string, Edge>());
    callers.set(caller.key, { fn: caller, numbers: readCallerNumbers(graph, edge) });
  }
  const dictionary = new Map<string, Entry>();
  for (const row of rows) {
    if (!withIdle && at(functions.kind, row) === 'idle') continue;
    const fn = functionOf(row);
    dictionary.set(fn.key, {
      fn,
      numbers: readNumbers(metrics, row, graph),
      callers: callersOf.get(row) ?? new Map(),
    });
  }
  return dictionary;
}

function toPythonFunction({ file, line, name }: Pick<PythonFunction, 'file' | 'line' | 'name'>): PythonFunction {
  const key = `${line} ${file.length} ${file}${name}`;
  return { key, file, line, name, printed: formatName(file, line, name) };
}

function formatName(file: string, line: number, name: string): string {
  return file === '~' && line === 0 ? builtinName(name) : `${file}:${line}(${name})`;
}

function readNumbers(metrics: Metrics, index: number, { counts, unit }: CallGraph): Numbers {
  const [selfCount, totalCount] = [at(metrics.selfCount, index), at(metrics.totalCount, index)];
  // Seconds stay as read; µs are converted.
  const seconds = (time: number) => (unit === 1 ? time / 1e6 : time);
  return {
    primitive: counts === 'calls' ? totalCount : selfCount,
    calls: counts === 'calls' ? selfCount : totalCount,
    own: seconds(at(metrics.self, index)),
    cumulative: seconds(at(metrics.total, index)),
  };
}

function readCallerNumbers(graph: CallGraph, edge: number): CallerNumbers {
  const numbers = readNumbers(graph.edges, edge, graph);
  if (Number.isNaN(numbers.primitive)) return numbers.calls;
  return Number.isNaN(numbers.calls) ? numbers.primitive : numbers;
}

/** Whether these are numbers and not a bare count. */
export function isTimed(numbers: CallerNumbers): numbers is Numbers {
  return typeof numbers === 'object';
}

// ---- add -----------------------------------------------------------------------------------------------------------

const ZERO_NUMBERS: Numbers = { primitive: 0, calls: 0, own: 0, cumulative: 0 };

/** Adds two dictionaries; new keys come last. Throws PstatError (`missing-data`) if only one of them times callers. */
export function addDictionaries(first: Dictionary, second: Dictionary): Dictionary {
  const sum = new Map(first);
  for (const [key, entry] of second) {
    // Python adds new entries to zero too, which turns -0.0 into 0.0.
    const before = sum.get(key) ?? { fn: entry.fn, numbers: ZERO_NUMBERS, callers: new Map() };
    sum.set(key, addEntries(before, entry));
  }
  return sum;
}

function addEntries(before: Entry, entry: Entry): Entry {
  const callers = new Map(before.callers);
  for (const [key, { fn, numbers }] of entry.callers) {
    const known = callers.get(key);
    callers.set(key, { fn, numbers: known === undefined ? numbers : addCallers(known.numbers, numbers) });
  }
  return { fn: before.fn, numbers: addNumbers(before.numbers, entry.numbers), callers };
}

function addCallers(before: CallerNumbers, numbers: CallerNumbers): CallerNumbers {
  if (isTimed(before) && isTimed(numbers)) return addNumbers(before, numbers);
  if (isTimed(before) || isTimed(numbers)) throw cannotAdd();
  return addCounts(before, numbers);
}

function addNumbers(before: Numbers, numbers: Numbers): Numbers {
  return {
    primitive: addCounts(before.primitive, numbers.primitive),
    calls: addCounts(before.calls, numbers.calls),
    own: before.own + numbers.own,
    cumulative: before.cumulative + numbers.cumulative,
  };
}

// ---- strip ---------------------------------------------------------------------------------------------------------

/**
 * Cuts paths to file names and adds up functions that become equal. Callers of one function that become equal are not
 * added up: the last one's numbers replace the others. That is a mistake of CPython, kept on purpose.
 */
export function stripDictionary(dictionary: Dictionary): Dictionary {
  const result = new Map<string, Entry>();
  for (const entry of dictionary.values()) {
    const fn = stripFunction(entry.fn);
    const callers = new Map<string, Edge>();
    for (const { fn: caller, numbers } of entry.callers.values()) {
      const short = stripFunction(caller);
      callers.set(short.key, { fn: short, numbers });
    }
    const known = result.get(fn.key);
    const own = { fn, numbers: entry.numbers, callers };
    result.set(fn.key, known === undefined ? own : addEntries(known, own));
  }
  return result;
}

export function stripFunction(fn: PythonFunction): PythonFunction {
  return toPythonFunction({ ...fn, file: fn.file.slice(fn.file.lastIndexOf('/') + 1) });
}

// ---- callees -------------------------------------------------------------------------------------------------------

/** Returns key -> the functions that it calls, in file order. */
export function invertCallers(dictionary: Dictionary): ReadonlyMap<string, Edges> {
  const callees = new Map<string, Map<string, Edge>>();
  for (const { fn, callers } of dictionary.values()) {
    for (const [caller, { numbers }] of callers) {
      getOrInsert(callees, caller, () => new Map<string, Edge>()).set(fn.key, { fn, numbers });
    }
  }
  return callees;
}
