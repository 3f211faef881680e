/**
 * Python's .prof: one marshalled dict, as cProfile, profile and tools built on them write it. See `create_stats` in
 * https://github.com/python/cpython/blob/main/Lib/cProfile.py.
 *
 * Key: (file, line, function). Value: (primitive calls, calls, tottime, cumtime, callers). A caller's entry is (calls,
 * primitive calls, tottime, cumtime), with the first two swapped; from the pure-Python profiler it is a bare count.
 */

import { PstatError } from '../../base/errors.ts';
import { quote } from '../../base/text.ts';
import { at } from '../../model/columns.ts';
import type { Count } from '../../model/count.ts';
import { type FunctionIndex, type FunctionInfo, FunctionTableBuilder } from '../../model/function-table.ts';
import type { ProfileNote } from '../../model/notes.ts';
import type { RawEdgesProfile, Seconds, TracedMetrics } from '../../model/raw-profile.ts';
import { brokenEntry, brokenMarshal, tooMany } from '../errors.ts';
import type { Format } from '../format.ts';
import {
  CODE_LAYOUTS,
  type MarshalCode,
  type MarshalDict,
  type MarshalResult,
  type MarshalSequence,
  type MarshalValue,
  readMarshal,
} from './marshal.ts';
import { beginsLikeMarshal } from './marshal-head.ts';

export const prof: Format = {
  name: 'prof',
  title: `Python's cProfile and profile, 2.7 to 3.14; the sampler of
Python 3.15`,
  extensions: ['.prof', '.pstats'],
  reader: {
    detect: ({ bytes }) => beginsLikeMarshal(bytes),
    read: ({ bytes }) => [{ thread: null, profile: readProf(bytes) }],
  },
  writer: {
    parts: 'merged',
    isBinary: true,
    async load() {
      const { toProf } = await import('./write-prof.ts');
      return (parts, options) => toProf(at(parts, 0).profile, options);
    },
  },
};

function readProf(bytes: Uint8Array): RawEdgesProfile {
  const { value, end, entries } = readWithLayout(bytes);
  if (!isDict(value)) throw brokenMarshal(0, 'not a dict, which a profile is');
  return entries.finish(end < bytes.length ? [{ code: 'trailing-bytes', count: bytes.length - end }] : []);
}

/** The meaning of an entry's numbers. */
interface Dialect {
  readonly counts: 'samples' | 'calls';
  readonly format: string;
  /** Which count comes first in a function's entry. In a caller's entry it is always selfCount. */
  readonly first: CountColumn;
  /** The meaning of a caller's entry that is a bare number. */
  readonly bareEdge: CountColumn;
}

type CountColumn = 'selfCount' | 'totalCount';

/** Primitive calls, then all calls. A bare edge is all calls. */
const TRACED: Dialect = { counts: 'calls', format: 'Python profile', first: 'totalCount', bareEdge: 'selfCount' };

/**
 * Python 3.15's sampler: samples on top of the stack, then samples anywhere on it. A bare edge is the number of samples with
 * the pair on the stack. A function has a row for each line that was executing.
 */
const SAMPLED: Dialect = {
  counts: 'samples',
  format: 'Python sampled profile',
  first: 'selfCount',
  bareEdge: 'totalCount',
};

/** A value and the entries of its dict. */
interface ReadResult extends MarshalResult {
  readonly entries: Entries;
}

/** Only `python -m profile -o` writes code objects. Their layout is the one that consumes the whole file. */
function readWithLayout(bytes: Uint8Array): ReadResult {
  const [first, ...others] = CODE_LAYOUTS.map((layout) => () => attempt(bytes, layout));
  const result = first?.() ?? brokenMarshal(0, 'no value');
  if (isWhole(result, bytes) || !mayHoldCode(bytes)) return orThrow(result);
  const whole = others.map((read) => read()).find((other) => isWhole(other, bytes));
  return orThrow(whole ?? result);
}

function attempt(bytes: Uint8Array, layout: (typeof CODE_LAYOUTS)[number]): ReadResult | PstatError {
  const entries = new Entries(bytes.length);
  try {
    return { ...readMarshal(bytes, layout, (key, value) => entries.add(key, value)), entries };
  } catch (error) {
    if (error instanceof PstatError) return error;
    throw error;
  }
}

function isWhole(result: ReadResult | PstatError, bytes: Uint8Array): boolean {
  return !(result instanceof PstatError) && result.end === bytes.length;
}

function orThrow(result: ReadResult | PstatError): ReadResult {
  if (result instanceof PstatError) throw result;
  return result;
}

/** Whether the bytes may hold a code object (`c`, also with the reference bit). */
function mayHoldCode(bytes: Uint8Array): boolean {
  return bytes.includes(0x63) || bytes.includes(0xe3);
}

/** Makes the name of a place, for errors. Called only then: a profile has thousands of places. */
type Place = () => string;

/** Collects entries. An error in one is thrown at the end: the rest may show that the file is not marshal. */
class Entries {
  readonly #builder: EdgesBuilder;
  #dialect = TRACED;
  #added = 0;
  #error: PstatError | null = null;

  constructor(fileLength: number) {
    this.#builder = new EdgesBuilder(fileLength);
  }

  add(key: MarshalValue, value: MarshalValue): void {
    const index = this.#added++;
    if (this.#error !== null) return;
    if (isSampledMarker(key)) {
      this.#dialect = SAMPLED;
      return;
    }
    try {
      this.#builder.add(key, value, index);
    } catch (error) {
      if (!(error instanceof PstatError)) throw error;
      this.#error = error;
    }
  }

  /** Throws PstatError (`malformed`) for the first bad entry. */
  finish(notes: readonly ProfileNote[]): RawEdgesProfile {
    if (this.#error !== null) throw this.#error;
    return this.#builder.finish(this.#dialect, notes);
  }
}

/** A function takes a kilobyte, and an edge a tenth of that. */
const MAX_FUNCTIONS = 2 ** 21;
const MAX_EDGES = 2 ** 24;

/** Builds functions and edges. Functions that are only callers get an index but no row. */
class EdgesBuilder {
  readonly #maxEdges: number;
  readonly #maxText: number;
  readonly #functions = new FunctionTableBuilder();
  /** Marshal refers to the same key value wherever a function is a caller, so each key is checked once. */
  readonly #indexOf = new Map<MarshalValue, FunctionIndex>();
  /** function -> its entry, in the order of first appearance */
  readonly #entryOf = new Map<FunctionIndex, number>();
  /** entry -> its first edge; its edges end where the next entry's begin */
  readonly #firstEdge: number[] = [];
  readonly #callers: FunctionIndex[] = [];
  readonly #callees: FunctionIndex[] = [];
  /** caller -> its latest edge */
  readonly #edgeOf = new Map<FunctionIndex, number>();
  #edges = 0;
  #text = 0;
  /** The current entry's key and number, and the current caller or null. */
  #key: MarshalValue = null;
  #index = 0;
  #caller: number | null = null;
  readonly #place: Place = () => {
    const info = functionKey(this.#key);
    const entry = `entry ${this.#index}${info === null ? '' : ` (${quote(info.name)})`}`;
    return this.#caller === null ? entry : `${entry}, caller ${this.#caller}`;
  };
  /** entry -> its numbers */
  readonly #metrics = new MetricColumns(this.#place);
  /** edge -> its numbers */
  readonly #edgeMetrics = new MetricColumns(this.#place);

  constructor(fileLength: number) {
    // Far above what a profiler writes. Otherwise a small file could expand to gigabytes by referring to one dict of
    // callers, or one long path, again and again.
    this.#maxEdges = fileLength;
    this.#maxText = 1_000_000 + 100 * fileLength;
  }

  /** A repeated key keeps its first place and its last value, as in Python. */
  add(key: MarshalValue, value: MarshalValue, index: number): void {
    this.#key = key;
    this.#index = index;
    this.#caller = null;
    const info = functionKey(key);
    if (info === null) throw brokenEntry(this.#place(), NO_KEY);
    if (!isTuple(value) || value.items.length !== 5)
      throw brokenEntry(this.#place(), 'the value is not a tuple of five');
    const entry = this.#firstEdge.push(this.#callers.length) - 1;
    if (entry === MAX_FUNCTIONS) throw tooMany('functions', MAX_FUNCTIONS);
    this.#metrics.put(entry, value.items);
    const callers = value.items[4];
    if (!isDict(callers)) throw brokenEntry(this.#place(), 'the callers are not a dict');
    this.#edges += callers.entries.length;
    if (this.#edges > MAX_EDGES) throw tooMany('callers', MAX_EDGES);
    if (this.#edges > this.#maxEdges) throw brokenEntry(this.#place(), 'more callers than the file has bytes');
    this.#readCallers(callers);
    const callee = this.#indexOf.get(key) ?? this.#intern(key, info);
    while (this.#callees.length < this.#callers.length) this.#callees.push(callee);
    this.#entryOf.set(callee, entry);
  }

  /** A repeated caller keeps its first place and its last value, too. */
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
    if (index === MAX_FUNCTIONS) throw tooMany('functions', MAX_FUNCTIONS);
    if (index === known) this.#text += info.file.length + info.name.length;
    if (this.#text > this.#maxText)
      throw brokenEntry(this.#place(), 'more text in names and paths than the file can hold');
    this.#indexOf.set(key, index);
    return index;
  }

  /** (calls, primitive calls, tottime, cumtime), or a bare count. */
  #readEdge(edge: number, value: MarshalValue): void {
    if (isCount(value)) this.#edgeMetrics.putBare(edge, value);
    else if (isTuple(value) && value.items.length === 4) this.#edgeMetrics.put(edge, value.items);
    else throw brokenEntry(this.#place(), 'neither a tuple of four nor a count');
  }

  finish(dialect: Dialect, notes: readonly ProfileNote[]): RawEdgesProfile {
    const entries = [...this.#entryOf.values()];
    // Drops the earlier values of repeated keys.
    const kept = entries.length === this.#firstEdge.length ? null : entries;
    const keptEdges = kept?.flatMap((entry) => this.#edgesOf(entry)) ?? null;
    const caller = new Int32Array(selectRows(this.#callers, keptEdges));
    return {
      counts: dialect.counts,
      format: dialect.format,
      linesAreSampled: dialect.counts === 'samples',
      functions: this.#functions.finish(),
      rows: Int32Array.from(this.#entryOf.keys()),
      metrics: this.#metrics.selectRows(kept, dialect.first),
      edges: {
        length: caller.length,
        caller,
        callee: new Int32Array(selectRows(this.#callees, keptEdges)),
        metrics: this.#edgeMetrics.selectRows(keptEdges, 'selfCount', dialect.bareEdge),
      },
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

/** The numbers of entries, in columns: thousands of objects would dominate a short run. */
class MetricColumns {
  readonly #place: Place;
  readonly #first: Count[] = [];
  readonly #second: Count[] = [];
  readonly #self: Seconds[] = [];
  readonly #total: Seconds[] = [];
  /** Rows with a bare count, which is in `#first`. */
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
   * Returns these rows, in this order; all rows for null.
   *
   * @param first the column of the first of two counts
   * @param bare the column of a bare count
   */
  selectRows(rows: readonly number[] | null, first: CountColumn, bare: CountColumn = 'selfCount'): TracedMetrics {
    if (bare !== first) this.#moveBareCounts();
    const [selfCount, totalCount] = first === 'selfCount' ? [this.#first, this.#second] : [this.#second, this.#first];
    return {
      selfCount: selectRows(selfCount, rows),
      totalCount: selectRows(totalCount, rows),
      self: selectRows(this.#self, rows),
      total: selectRows(this.#total, rows),
    };
  }

  #moveBareCounts(): void {
    for (const row of this.#bare) {
      this.#second[row] = at(this.#first, row);
      this.#first[row] = Number.NaN;
    }
  }
}

function selectRows<T extends Count>(column: readonly T[], rows: readonly number[] | null): readonly T[] {
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

/** Python 3.15's sampler adds the entry ('__sampled__',): True. */
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
