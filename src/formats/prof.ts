/**
 * Python's .prof: one marshalled dict, as cProfile, profile and everything built on them write it.
 *
 * Key: (file, line, function). Value: (primitive calls, calls, tottime, cumtime, callers). Each caller's entry is
 * (calls, primitive calls, tottime, cumtime), the first two swapped, or from the pure-Python profiler a bare count.
 */

import { brokenEntry, brokenMarshal, PstatError } from '../errors.ts';
import type { Count } from '../model/count.ts';
import { type FunctionIndex, type FunctionInfo, FunctionTableBuilder } from '../model/function-table.ts';
import type { PairFigures, RawPairsProfile, Seconds } from '../model/raw-profile.ts';
import { plural, quoted } from '../text.ts';
import type { Content, Format } from './format.ts';
import {
  CODE_LAYOUTS,
  type MarshalCode,
  type MarshalDict,
  type Marshalled,
  type MarshalSequence,
  type MarshalValue,
  readMarshal,
} from './marshal.ts';

export const prof: Format = {
  matches,
  read: (content) => [{ thread: null, profile: readProf(content.bytes) }],
};

/**
 * A brace, remembered (no text begins with 0xfb), or followed by what JSON does not allow there. Other values that
 * begin like marshal are refused by name (look-alikes.ts).
 */
function matches({ bytes }: Content): boolean {
  const [first, second = 0] = bytes;
  if (first !== 0x7b) return first === 0xfb;
  const isJson = ' \t\r\n"}'.includes(String.fromCharCode(second));
  // Text that begins with a brace holds no control character soon after it; lengths and counts are such.
  const isBinary = second >= 0x80 || bytes.subarray(0, 16).some((byte) => byte < 0x09);
  return !isJson && (bytes.length <= 2 || isBinary);
}

function readProf(bytes: Uint8Array): RawPairsProfile {
  const { value, end } = readWithLayout(bytes);
  if (!isDict(value)) throw brokenMarshal(0, 'not a dict; a profile is one');
  const isSampled = value.entries.some(([key]) => isSampledMarker(key));
  const builder = new PairsBuilder(isSampled ? SAMPLED : TRACED, bytes.length);
  value.entries.forEach(([key, entry], i) => {
    if (!isSampledMarker(key)) builder.add(key, entry, i);
  });
  return builder.finish(end < bytes.length ? [trailingNote(bytes.length - end)] : []);
}

/** What the numbers of an entry mean. */
interface Flavour {
  readonly counts: 'samples' | 'calls';
  readonly format: string;
  /** The first two numbers of a function's entry. */
  readonly counted: (first: Count, second: Count) => Counted;
  /** A caller's entry that is a bare number. */
  readonly bareEdge: (count: Count) => Counted;
}

type Counted = Pick<RowFigures, 'count' | 'subcount'>;

/** Primitive calls, then all calls. A bare edge is all calls. */
const TRACED: Flavour = {
  counts: 'calls',
  format: 'Python profile',
  counted: (first, second) => ({ count: second, subcount: first }),
  bareEdge: (count) => ({ count, subcount: Number.NaN }),
};

/**
 * Python 3.15's sampler: samples on top of the stack, then samples anywhere on it. A bare edge is how often the pair
 * stood on a stack. A function stands on a row for each line that was executing.
 */
const SAMPLED: Flavour = {
  counts: 'samples',
  format: 'Python sampled profile',
  counted: (first, second) => ({ count: first, subcount: second }),
  bareEdge: (count) => ({ count: Number.NaN, subcount: count }),
};

/** Code objects stand in files of `python -m profile -o` alone, and their layout is not said: the one that fits is. */
function readWithLayout(bytes: Uint8Array): Marshalled {
  const [first, ...others] = CODE_LAYOUTS.map((layout) => () => attempt(bytes, layout));
  const result = first?.() ?? brokenMarshal(0, 'no value');
  if (isWhole(result, bytes) || !holdsCode(bytes)) return orThrow(result);
  const whole = others.map((read) => read()).find((other) => isWhole(other, bytes));
  return orThrow(whole ?? result);
}

function attempt(bytes: Uint8Array, layout: (typeof CODE_LAYOUTS)[number]): Marshalled | PstatError {
  try {
    return readMarshal(bytes, layout);
  } catch (error) {
    if (error instanceof PstatError) return error;
    throw error;
  }
}

function isWhole(result: Marshalled | PstatError, bytes: Uint8Array): boolean {
  return !(result instanceof PstatError) && result.end === bytes.length;
}

function orThrow(result: Marshalled | PstatError): Marshalled {
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

/** Collects entries and edges; functions that are named only as callers get an index and no row. */
class PairsBuilder {
  readonly #functions = new FunctionTableBuilder();
  readonly #rows = new Map<FunctionIndex, Row>();
  /** A caller's key is one value, to which marshal refers wherever it called: it is looked at once. */
  readonly #callers = new Map<MarshalValue, FunctionIndex>();
  readonly #flavour: Flavour;
  readonly #mostEdges: number;
  readonly #mostText: number;
  #edges = 0;
  #text = 0;

  constructor(flavour: Flavour, fileLength: number) {
    this.#flavour = flavour;
    // Both are far above what a profiler writes. One dict of callers, or one long path, that is referred to again and
    // again would otherwise make gigabytes of a small file.
    this.#mostEdges = fileLength;
    this.#mostText = 1_000_000 + 100 * fileLength;
  }

  /** A key that stands twice keeps its first place and its last value, as in Python. */
  add(key: MarshalValue, entry: MarshalValue, index: number): void {
    const info = functionKey(key);
    if (info === null) throw brokenEntry(`entry ${index}`, NO_KEY);
    const place = () => `entry ${index} (${quoted(info.name)})`;
    if (!isTuple(entry) || entry.items.length !== 5) throw brokenEntry(place(), 'the value is not a tuple of five');
    const [first, second, tottime, cumtime, callers] = entry.items;
    const { count, subcount } = this.#flavour.counted(countAt(first, place), countAt(second, place));
    const self = secondsAt(tottime, place);
    const total = secondsAt(cumtime, place);
    if (!isDict(callers)) throw brokenEntry(place(), 'the callers are not a dict');
    this.#edges += callers.entries.length;
    if (this.#edges > this.#mostEdges) throw brokenEntry(place(), 'more callers than the file has bytes');
    const row = { count, subcount, self, total, callers: this.#readCallers(callers, place) };
    this.#rows.set(this.#intern(info, place), row);
  }

  #readCallers({ entries }: MarshalDict, place: Place): Map<FunctionIndex, RowFigures> {
    const edges = new Map<FunctionIndex, RowFigures>();
    entries.forEach(([key, value], i) => {
      const callerPlace = () => `${place()}, caller ${i}`;
      edges.set(this.#callerAt(key, callerPlace), this.#readEdge(value, callerPlace));
    });
    return edges;
  }

  #callerAt(key: MarshalValue, place: Place): FunctionIndex {
    const known = this.#callers.get(key);
    if (known !== undefined) return known;
    const info = functionKey(key);
    if (info === null) throw brokenEntry(place(), NO_KEY);
    const index = this.#intern(info, place);
    this.#callers.set(key, index);
    return index;
  }

  #intern(info: FunctionInfo, place: Place): FunctionIndex {
    const known = this.#functions.length;
    const index = this.#functions.intern(info);
    if (index === known) this.#text += info.file.length + info.name.length;
    if (this.#text > this.#mostText) throw brokenEntry(place(), 'more text in names and paths than the file can hold');
    return index;
  }

  /** (calls, primitive calls, tottime, cumtime), or a bare count: then nothing else is known. */
  #readEdge(value: MarshalValue, place: Place): RowFigures {
    if (isCount(value)) return { ...this.#flavour.bareEdge(value), self: Number.NaN, total: Number.NaN };
    if (!isTuple(value) || value.items.length !== 4) throw brokenEntry(place(), 'neither a tuple of four nor a count');
    const [count, subcount, tottime, cumtime] = value.items;
    return {
      count: countAt(count, place),
      subcount: countAt(subcount, place),
      self: secondsAt(tottime, place),
      total: secondsAt(cumtime, place),
    };
  }

  finish(notes: readonly string[]): RawPairsProfile {
    const callers: FunctionIndex[] = [];
    const callees: FunctionIndex[] = [];
    const edges: RowFigures[] = [];
    for (const [callee, row] of this.#rows) {
      for (const [caller, figures] of row.callers) {
        callers.push(caller);
        callees.push(callee);
        edges.push(figures);
      }
    }
    return {
      counts: this.#flavour.counts,
      format: this.#flavour.format,
      executingLines: this.#flavour.counts === 'samples',
      functions: this.#functions.finish(),
      rows: Int32Array.from(this.#rows.keys()),
      figures: columns([...this.#rows.values()]),
      callers: Int32Array.from(callers),
      callees: Int32Array.from(callees),
      edgeFigures: columns(edges),
      notes,
    };
  }
}

const NO_KEY = 'the key is not (file, line, function)';

interface RowFigures {
  readonly count: Count;
  readonly subcount: Count;
  readonly self: Seconds;
  readonly total: Seconds;
}

interface Row extends RowFigures {
  readonly callers: ReadonlyMap<FunctionIndex, RowFigures>;
}

function columns(rows: readonly RowFigures[]): PairFigures {
  return {
    count: rows.map((row) => row.count),
    subcount: rows.map((row) => row.subcount),
    self: rows.map((row) => row.self),
    total: rows.map((row) => row.total),
  };
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
  const [file, line, code] = key.items;
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
