/**
 * Python's .prof: one marshalled dict, as cProfile, profile and everything built on them write it.
 *
 * Key: (file, line, function). Value: (primitive calls, calls, tottime, cumtime, callers). Each caller's entry is
 * (calls, primitive calls, tottime, cumtime), the first two swapped, or from the pure-Python profiler a bare count.
 */

import { brokenEntry, brokenMarshal, PstatError } from '../../base/errors.ts';
import { plural, quoted } from '../../base/text.ts';
import { at } from '../../model/columns.ts';
import type { Count } from '../../model/count.ts';
import { type FunctionIndex, type FunctionInfo, FunctionTableBuilder } from '../../model/function-table.ts';
import type { RawEdgesProfile, Seconds, TracedMetrics } from '../../model/raw-profile.ts';
import type { Format } from '../format.ts';
import {
  CODE_LAYOUTS,
  type MarshalCode,
  type MarshalDict,
  type Marshalled,
  type MarshalSequence,
  type MarshalValue,
  readMarshal,
} from './marshal.ts';
import { beginsLikeMarshal } from './marshal-head.ts';
import { toProf } from './write-prof.ts';

export const prof: Format = {
  name: 'prof',
  title: `Python's cProfile and profile, 2.7 to 3.14, and the sampler of
Python 3.15`,
  extensions: ['.prof', '.pstats'],
  reader: {
    detect: ({ bytes }) => beginsLikeMarshal(bytes),
    read: ({ bytes }) => [{ thread: null, profile: readProf(bytes) }],
  },
  write: toProf,
};

function readProf(bytes: Uint8Array): RawEdgesProfile {
  const { value, end, entries } = readWithLayout(bytes);
  if (!isDict(value)) throw brokenMarshal(0, 'not a dict; a profile is one');
  return entries.finish(end < bytes.length ? [trailingNote(bytes.length - end)] : []);
}

/** What the numbers of an entry mean. */
interface Flavour {
  readonly counts: 'samples' | 'calls';
  readonly format: string;
  /** Which of the two counts comes first in a function's entry. A caller's has `count` first, whoever wrote it. */
  readonly first: 'count' | 'subcount';
  /** What a caller's entry that is a bare number says. */
  readonly bareEdge: 'count' | 'subcount';
}

/** Primitive calls, then all calls. A bare edge is all calls. */
const TRACED: Flavour = { counts: 'calls', format: 'Python profile', first: 'subcount', bareEdge: 'count' };

/**
 * Python 3.15's sampler: samples on top of the stack, then samples anywhere on it. A bare edge is how often the pair
 * stood on a stack. A function stands on a row for each line that was executing.
 */
const SAMPLED: Flavour = { counts: 'samples', format: 'Python sampled profile', first: 'count', bareEdge: 'subcount' };

/** What stands in a file that was read as a value of Python: its entries are told only once all of it was one. */
interface Read extends Marshalled {
  readonly entries: Entries;
}

/** Code objects stand in files of `python -m profile -o` alone, and their layout is not said: the one that fits is. */
function readWithLayout(bytes: Uint8Array): Read {
  const [first, ...others] = CODE_LAYOUTS.map((layout) => () => attempt(bytes, layout));
  const result = first?.() ?? brokenMarshal(0, 'no value');
  if (isWhole(result, bytes) || !holdsCode(bytes)) return orThrow(result);
  const whole = others.map((read) => read()).find((other) => isWhole(other, bytes));
  return orThrow(whole ?? result);
}

function attempt(bytes: Uint8Array, layout: (typeof CODE_LAYOUTS)[number]): Read | PstatError {
  const entries = new Entries(bytes.length);
  try {
    return { ...readMarshal(bytes, layout, (key, value) => entries.take(key, value)), entries };
  } catch (error) {
    if (error instanceof PstatError) return error;
    throw error;
  }
}

function isWhole(result: Read | PstatError, bytes: Uint8Array): boolean {
  return !(result instanceof PstatError) && result.end === bytes.length;
}

function orThrow(result: Read | PstatError): Read {
  if (result instanceof PstatError) throw result;
  return result;
}

/** A `c` or `c` with the high bit somewhere: worth trying the other layouts. */
function holdsCode(bytes: Uint8Array): boolean {
  return bytes.includes(0x63) || bytes.includes(0xe3);
}

function trailingNote(bytes: number): string {
  return `after the profile ${plural(bytes, 'more byte')} stand in the file; Python does not read them either`;
}

/** Where in the file something stands. Worded only when there is something to say of it: a profile has thousands. */
type Place = () => string;

/** The entries of a file as they come. What is wrong with one is kept until the end: the file may be no marshal at all. */
class Entries {
  readonly #builder: PairsBuilder;
  #flavour = TRACED;
  #taken = 0;
  #refusal: PstatError | null = null;

  constructor(fileLength: number) {
    this.#builder = new PairsBuilder(fileLength);
  }

  take(key: MarshalValue, value: MarshalValue): void {
    const index = this.#taken++;
    if (this.#refusal !== null) return;
    if (isSampledMarker(key)) {
      this.#flavour = SAMPLED;
      return;
    }
    try {
      this.#builder.add(key, value, index);
    } catch (error) {
      if (!(error instanceof PstatError)) throw error;
      this.#refusal = error;
    }
  }

  /** Throws PstatError (`malformed`) for the first entry that is none. */
  finish(notes: readonly string[]): RawEdgesProfile {
    if (this.#refusal !== null) throw this.#refusal;
    return this.#builder.finish(this.#flavour, notes);
  }
}

/** Collects entries and edges; functions that are named only as callers get an index and no row. */
class PairsBuilder {
  readonly #mostEdges: number;
  readonly #mostText: number;
  readonly #functions = new FunctionTableBuilder();
  /** A function's key is one value, to which marshal refers wherever the function calls: it is looked at once. */
  readonly #indexOf = new Map<MarshalValue, FunctionIndex>();
  /** function -> its entry, in the order of first appearance */
  readonly #entryOf = new Map<FunctionIndex, number>();
  /** entry -> its first edge; those up to the next entry's are its own */
  readonly #firstEdge: number[] = [];
  readonly #callers: FunctionIndex[] = [];
  readonly #callees: FunctionIndex[] = [];
  /** caller -> its latest edge */
  readonly #edgeOf = new Map<FunctionIndex, number>();
  #edges = 0;
  #text = 0;
  /** What is being looked at: an entry by its key and number, and one of its callers or null. */
  #key: MarshalValue = null;
  #index = 0;
  #caller: number | null = null;
  readonly #place: Place = () => {
    const info = functionKey(this.#key);
    const entry = `entry ${this.#index}${info === null ? '' : ` (${quoted(info.name)})`}`;
    return this.#caller === null ? entry : `${entry}, caller ${this.#caller}`;
  };
  /** entry -> figures */
  readonly #figures = new FigureColumns(this.#place);
  /** edge -> figures */
  readonly #edgeFigures = new FigureColumns(this.#place);

  constructor(fileLength: number) {
    // Both are far above what a profiler writes. One dict of callers, or one long path, that is referred to again and
    // again would otherwise make gigabytes of a small file.
    this.#mostEdges = fileLength;
    this.#mostText = 1_000_000 + 100 * fileLength;
  }

  /** A key that stands twice keeps its first place and its last value, as in Python. */
  add(key: MarshalValue, value: MarshalValue, index: number): void {
    this.#key = key;
    this.#index = index;
    this.#caller = null;
    const info = functionKey(key);
    if (info === null) throw brokenEntry(this.#place(), NO_KEY);
    if (!isTuple(value) || value.items.length !== 5)
      throw brokenEntry(this.#place(), 'the value is not a tuple of five');
    const entry = this.#firstEdge.push(this.#callers.length) - 1;
    this.#figures.put(entry, value.items);
    const callers = value.items[4];
    if (!isDict(callers)) throw brokenEntry(this.#place(), 'the callers are not a dict');
    this.#edges += callers.entries.length;
    if (this.#edges > this.#mostEdges) throw brokenEntry(this.#place(), 'more callers than the file has bytes');
    this.#readCallers(callers);
    const callee = this.#indexOf.get(key) ?? this.#intern(key, info);
    while (this.#callees.length < this.#callers.length) this.#callees.push(callee);
    this.#entryOf.set(callee, entry);
  }

  /** A caller that stands twice keeps its first place and its last value, too. */
  #readCallers({ entries }: MarshalDict): void {
    const first = this.#callers.length;
    entries.forEach((entry, i) => {
      this.#caller = i;
      const caller = this.#callerAt(entry[0]);
      const known = this.#edgeOf.get(caller) ?? -1;
      const edge = known < first ? this.#callers.push(caller) - 1 : known;
      this.#edgeOf.set(caller, edge);
      this.#readEdge(edge, entry[1]);
    });
    this.#caller = null;
  }

  #callerAt(key: MarshalValue): FunctionIndex {
    const known = this.#indexOf.get(key);
    if (known !== undefined) return known;
    const info = functionKey(key);
    if (info === null) throw brokenEntry(this.#place(), NO_KEY);
    return this.#intern(key, info);
  }

  #intern(key: MarshalValue, info: FunctionInfo): FunctionIndex {
    const known = this.#functions.length;
    const index = this.#functions.intern(info);
    if (index === known) this.#text += info.file.length + info.name.length;
    if (this.#text > this.#mostText)
      throw brokenEntry(this.#place(), 'more text in names and paths than the file can hold');
    this.#indexOf.set(key, index);
    return index;
  }

  /** (calls, primitive calls, tottime, cumtime), or a bare count: then nothing else is known. */
  #readEdge(edge: number, value: MarshalValue): void {
    if (isCount(value)) this.#edgeFigures.putBare(edge, value);
    else if (isTuple(value) && value.items.length === 4) this.#edgeFigures.put(edge, value.items);
    else throw brokenEntry(this.#place(), 'neither a tuple of four nor a count');
  }

  finish(flavour: Flavour, notes: readonly string[]): RawEdgesProfile {
    const entries = [...this.#entryOf.values()];
    // Whatever stood for a key that stands again is left out.
    const kept = entries.length === this.#firstEdge.length ? null : entries;
    const keptEdges = kept?.flatMap((entry) => this.#edgesOf(entry)) ?? null;
    return {
      counts: flavour.counts,
      format: flavour.format,
      executingLines: flavour.counts === 'samples',
      functions: this.#functions.finish(),
      rows: Int32Array.from(this.#entryOf.keys()),
      figures: this.#figures.only(kept, flavour.first),
      callers: new Int32Array(only(this.#callers, keptEdges)),
      callees: new Int32Array(only(this.#callees, keptEdges)),
      edgeFigures: this.#edgeFigures.only(keptEdges, 'count', flavour.bareEdge),
      notes,
    };
  }

  #edgesOf(entry: number): number[] {
    const first = this.#firstEdge[entry] ?? 0;
    const end = this.#firstEdge[entry + 1] ?? this.#callers.length;
    return Array.from({ length: end - first }, (_, i) => first + i);
  }
}

const NO_KEY = 'the key is not (file, line, function)';

/** Figures in columns from the beginning: an object for each of thousands is what a short run spends its time on. */
class FigureColumns {
  readonly #place: Place;
  readonly #first: Count[] = [];
  readonly #second: Count[] = [];
  readonly #self: Seconds[] = [];
  readonly #total: Seconds[] = [];
  /** Rows that hold a bare number, which is the first. */
  readonly #bare = new Set<number>();

  constructor(place: Place) {
    this.#place = place;
  }

  put(row: number, items: readonly MarshalValue[]): void {
    this.#first[row] = countAt(items[0], this.#place);
    this.#second[row] = countAt(items[1], this.#place);
    this.#self[row] = secondsAt(items[2], this.#place);
    this.#total[row] = secondsAt(items[3], this.#place);
    if (this.#bare.size > 0) this.#bare.delete(row);
  }

  putBare(row: number, count: Count): void {
    this.#first[row] = count;
    this.#second[row] = Number.NaN;
    this.#self[row] = Number.NaN;
    this.#total[row] = Number.NaN;
    this.#bare.add(row);
  }

  /**
   * The rows named, in that order; null for all of them.
   *
   * @param first what the first of two counts is
   * @param bare what a bare one is
   */
  only(
    rows: readonly number[] | null,
    first: 'count' | 'subcount',
    bare: 'count' | 'subcount' = 'count',
  ): TracedMetrics {
    if (bare !== first) this.#turnBare();
    const [count, subcount] = first === 'count' ? [this.#first, this.#second] : [this.#second, this.#first];
    return {
      selfCount: only(count, rows),
      totalCount: only(subcount, rows),
      self: only(this.#self, rows),
      total: only(this.#total, rows),
    };
  }

  #turnBare(): void {
    for (const row of this.#bare) {
      this.#second[row] = at(this.#first, row);
      this.#first[row] = Number.NaN;
    }
  }
}

function only<T extends Count>(column: readonly T[], rows: readonly number[] | null): readonly T[] {
  return rows === null ? column : rows.map((row) => at(column, row));
}

function countAt(value: MarshalValue | undefined, place: Place): Count {
  if (!isCount(value)) throw brokenEntry(place(), 'a count is not a whole number');
  return value;
}

function secondsAt(value: MarshalValue | undefined, place: Place): Seconds {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  throw brokenEntry(place(), 'a time is not a number');
}

function isCount(value: MarshalValue | undefined): value is Count {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

function functionKey(key: MarshalValue): FunctionInfo | null {
  if (!isTuple(key) || key.items.length !== 3) return null;
  const file = key.items[0];
  const line = key.items[1];
  const code = key.items[2];
  const name = isCode(code) ? `<code object ${code.name}, line ${code.line}>` : code;
  if (typeof file !== 'string' || typeof line !== 'number' || !Number.isInteger(line) || typeof name !== 'string')
    return null;
  const isBuiltin = line === 0 && (file === '~' || file === '');
  return { kind: isBuiltin ? 'builtin' : 'python', name, file, line, column: 0 };
}

/** Python 3.15's sampler adds ('__sampled__',): True. */
function isSampledMarker(key: MarshalValue): boolean {
  return isTuple(key) && key.items.length === 1 && key.items[0] === '__sampled__';
}

function isDict(value: MarshalValue | undefined): value is MarshalDict {
  return typeOf(value) === 'dict';
}

function isTuple(value: MarshalValue | undefined): value is MarshalSequence {
  return typeOf(value) === 'tuple';
}

function isCode(value: MarshalValue | undefined): value is MarshalCode {
  return typeOf(value) === 'code';
}

function typeOf(value: MarshalValue | undefined): string | null {
  return typeof value === 'object' && value !== null ? value.type : null;
}
