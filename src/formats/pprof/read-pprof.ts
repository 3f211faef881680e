/**
 * pprof → RawProfile. A function is its name, file and first line. Times become µs; counts and bytes keep their unit.
 *
 * A sample lists locations, innermost first; a location has several lines where functions were inlined, innermost first.
 */

import { PbfReader } from 'pbf';
import { getOrInsert } from '../../base/maps.ts';
import { at } from '../../model/columns.ts';
import type { FunctionIndex } from '../../model/function-table.ts';
import type { ProfileNote } from '../../model/notes.ts';
import type { RawProfile } from '../../model/raw-profile.ts';
import { brokenPprof, brokenPprofReference, negativePprofValue, tooMany, unknownValueType } from '../errors.ts';
import type { ReadFormatOptions, Recording } from '../format.ts';
import { amountPerUnit, isTimeUnit, unitOf } from '../stacks/amounts.ts';
import { type BuiltNode, functionFrom, StackBuilder } from '../stacks/stack-builder.ts';
import { FUNCTION, LINE, LOCATION, PROFILE, SAMPLE, VALUE_TYPE } from './fields.ts';
import { WireMessage } from './wire.ts';

/** Fields of the file that are messages or texts; the others are numbers. */
const MESSAGE_FIELDS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 11, 13]);

const NUMBER_FIELDS: ReadonlySet<number> = new Set([7, 8, 9, 10, 12, 13, 14, 15]);

/** Fields that are looked at to recognize a file. */
const CHECKED_FIELDS = 8;

/** Whether bytes begin with fields of a pprof profile, in any order: Go writes the time first. */
export function beginsLikePprof(bytes: Uint8Array): boolean {
  try {
    return bytes.length > 2 && hasKnownFields(new PbfReader(bytes));
  } catch {
    // pbf throws for a wire type or a number that no protocol buffer has.
    return false;
  }
}

function hasKnownFields(reader: PbfReader): boolean {
  for (let checked = 0; checked < CHECKED_FIELDS && reader.pos < reader.length; checked++) {
    const field = reader.nextField();
    const isKnown =
      reader.type === LENGTH_DELIMITED ? MESSAGE_FIELDS.has(field) : reader.type === VARINT && NUMBER_FIELDS.has(field);
    if (!isKnown) return false;
    reader.skip(reader.type);
    if (checked < 2 && reader.pos > reader.length) return false;
  }
  return true;
}

const VARINT = 0;

const LENGTH_DELIMITED = 2;

/** Entries of all tables of a file. In memory an entry takes up to a hundred times its two bytes. */
const MAX_ENTRIES = 2 ** 23;

/** Throws PstatError: `malformed`, or `missing-data` for a value type that the file does not have. */
export function readPprof(bytes: Uint8Array, { value = null }: ReadFormatOptions): readonly Recording[] {
  const file = readFile(bytes);
  const types = file.sampleTypes.map(({ type, unit }) => ({ type: textAt(file, type), unit: textAt(file, unit) }));
  if (types.length === 0) throw brokenPprof(bytes.length, 'the file has no value types');
  const selected = selectType(types, value, textAt(file, file.defaultType));
  return [{ thread: null, profile: buildProfile(bytes, file, { types, selected }) }];
}

interface Line {
  readonly functionId: number;
  /** 1-based line that was executing; 0 if not known. */
  readonly line: number;
}

interface PprofFunction {
  name: number;
  systemName: number;
  filename: number;
  startLine: number;
}

interface PprofFile {
  readonly texts: string[];
  readonly sampleTypes: { type: number; unit: number }[];
  /** id -> its lines, innermost first */
  readonly locations: Map<number, { readonly lines: Line[]; readonly address: number }>;
  readonly functions: Map<number, PprofFunction>;
  defaultType: number;
  /** Number of entries of all tables. */
  entries: number;
}

/** Reads the tables. Samples are read one by one afterwards, since their texts may stand behind them. */
function readFile(bytes: Uint8Array): PprofFile {
  const file: PprofFile = {
    texts: [],
    sampleTypes: [],
    locations: new Map(),
    functions: new Map(),
    defaultType: 0,
    entries: 0,
  };
  WireMessage.read(bytes, (message) => readFields(message, file));
  return file;
}

function readFields(message: WireMessage, file: PprofFile): void {
  message.fields((field) => {
    addEntry(file, field === PROFILE.sample ? 0 : 1);
    if (field === PROFILE.stringTable) file.texts.push(message.text());
    else if (field === PROFILE.sampleType) file.sampleTypes.push(readValueType(message.message()));
    else if (field === PROFILE.location) readLocation(message.message(), file);
    else if (field === PROFILE.function) readFunction(message.message(), file);
    else if (field === PROFILE.defaultSampleType) file.defaultType = message.number();
  });
}

function addEntry(file: PprofFile, count = 1): void {
  file.entries += count;
  if (file.entries > MAX_ENTRIES) throw tooMany('texts, functions and locations', MAX_ENTRIES);
}

function readValueType(message: WireMessage) {
  const read = { type: 0, unit: 0 };
  message.fields((field) => {
    if (field === VALUE_TYPE.type) read.type = message.number();
    else if (field === VALUE_TYPE.unit) read.unit = message.number();
  });
  return read;
}

interface Sample {
  /** Innermost first. */
  readonly locations: number[];
  readonly values: number[];
}

/** Calls back with each sample. The next one has the same lists. */
function eachSample(bytes: Uint8Array, callback: (sample: Sample, number: number) => void): void {
  const sample: Sample = { locations: [], values: [] };
  let number = 0;
  WireMessage.read(bytes, (message) => {
    message.fields((field) => {
      if (field !== PROFILE.sample) return;
      readSample(message.message(), sample);
      callback(sample, number++);
    });
  });
}

function readSample(message: WireMessage, sample: Sample): void {
  sample.locations.length = 0;
  sample.values.length = 0;
  message.fields((field) => {
    if (field === SAMPLE.locationId) message.numbers(sample.locations);
    else if (field === SAMPLE.value) message.numbers(sample.values);
  });
}

function readLocation(message: WireMessage, file: PprofFile): void {
  const read = { id: 0, address: 0, lines: [] as Line[] };
  message.fields((field) => {
    if (field === LOCATION.id) read.id = message.number();
    else if (field === LOCATION.address) read.address = message.number();
    else if (field === LOCATION.line) {
      addEntry(file);
      read.lines.push(readLine(message.message()));
    }
  });
  file.locations.set(read.id, read);
}

function readLine(message: WireMessage): Line {
  const read = { functionId: 0, line: 0 };
  message.fields((field) => {
    if (field === LINE.functionId) read.functionId = message.number();
    else if (field === LINE.line) read.line = message.number();
  });
  return read;
}

function readFunction(message: WireMessage, { functions }: PprofFile): void {
  const read = { id: 0, name: 0, systemName: 0, filename: 0, startLine: 0 };
  message.fields((field) => {
    if (field === FUNCTION.id) read.id = message.number();
    else if (field === FUNCTION.name) read.name = message.number();
    else if (field === FUNCTION.systemName) read.systemName = message.number();
    else if (field === FUNCTION.filename) read.filename = message.number();
    else if (field === FUNCTION.startLine) read.startLine = message.number();
  });
  functions.set(read.id, read);
}

function textAt({ texts }: PprofFile, index: number): string {
  const text = texts[index];
  if (text === undefined) throw brokenPprofReference('a name', 'text', index);
  return text;
}

// ---- values --------------------------------------------------------------------------------------------------------

interface ValueType {
  readonly type: string;
  readonly unit: string;
}

/** Index of the type: the one wanted, else the file's default, else a time, else the last, as pprof does. */
function selectType(types: readonly ValueType[], wanted: string | null, usual: string): number {
  if (wanted !== null) {
    const index = types.findIndex(({ type }) => type === wanted);
    if (index === -1)
      throw unknownValueType(
        wanted,
        types.map(({ type }) => type),
      );
    return index;
  }
  const index = types.findIndex(({ type }) => type !== '' && type === usual);
  if (index !== -1) return index;
  const time = types.findLastIndex(({ unit }) => isTimeUnit(unit));
  return time === -1 ? types.length - 1 : time;
}

function buildProfile(
  bytes: Uint8Array,
  file: PprofFile,
  { types, selected }: { readonly types: readonly ValueType[]; readonly selected: number },
): RawProfile {
  const { type, unit } = types[selected] ?? { type: '', unit: '' };
  const counts = types.findIndex((each) => each.unit === 'count' && /^samples?$/.test(each.type));
  const builder = new StackBuilder();
  const stacks = new LocationStacks(locationFrames(file, builder), builder);
  const lineOf = executingLines(file);
  eachSample(bytes, ({ locations, values }, i) => {
    const node = stacks.nodeOf(locations, i);
    const amount = values[selected] ?? 0;
    const hits = counts === -1 ? Number.NaN : (values[counts] ?? 0);
    if (Math.min(amount, counts === -1 ? 0 : hits) < 0) throw negativePprofValue(i);
    builder.add({
      node,
      amount: amount * amountPerUnit(unit),
      hits,
      line: lineOf(locations[0]),
    });
  });
  const others = types.filter((_, i) => i !== selected && i !== counts).map((each) => each.type);
  const notes: ProfileNote[] = others.length === 0 ? [] : [{ code: 'other-values', values: others }];
  return builder.finish({ format: `pprof profile (${type})`, unit: unitOf(unit), notes });
}

/**
 * Returns the executing line of an innermost location. Writers that do not know lines, pstat among them, write the first
 * line of the function: if all lines are those, none is known.
 */
function executingLines({ locations, functions }: PprofFile): (location: number | undefined) => number {
  const isFirst = ({ functionId, line }: Line) => line === 0 || line === functions.get(functionId)?.startLine;
  const areKnown = [...locations.values()].some(({ lines }) => !lines.every(isFirst));
  return (location) => {
    const [innermost] = (location === undefined ? undefined : locations.get(location))?.lines ?? [];
    return areKnown && innermost !== undefined && innermost.line > 0 ? innermost.line : 0;
  };
}

/** Stacks of locations as nodes. Neighbours in a file mostly share their callers, which are not looked up again. */
class LocationStacks {
  readonly #framesOf: (location: number, sample: number) => readonly FunctionIndex[];
  readonly #builder: StackBuilder;
  /** The locations of the stack before, outermost first, and the node of each. */
  readonly #locations: number[] = [];
  readonly #nodes: BuiltNode[] = [];
  #depth = 0;

  constructor(framesOf: (location: number, sample: number) => readonly FunctionIndex[], builder: StackBuilder) {
    this.#framesOf = framesOf;
    this.#builder = builder;
  }

  /** @param locations innermost first */
  nodeOf(locations: readonly number[], sample: number): BuiltNode {
    let depth = 0;
    const { length } = locations;
    const shared = Math.min(length, this.#depth);
    while (depth < shared && locations[length - 1 - depth] === this.#locations[depth]) depth++;
    let node = depth === 0 ? this.#builder.root : at(this.#nodes, depth - 1);
    for (; depth < length; depth++) {
      const location = at(locations, length - 1 - depth);
      for (const fn of this.#framesOf(location, sample)) node = this.#builder.child(node, fn);
      this.#locations[depth] = location;
      this.#nodes[depth] = node;
    }
    this.#depth = length;
    return node;
  }
}

/** Returns the functions of a location, outermost first. */
function locationFrames(file: PprofFile, { functions }: StackBuilder) {
  const known = new Map<number, readonly FunctionIndex[]>();
  const functionOf = (id: number, place: string): FunctionIndex => {
    const found = file.functions.get(id);
    if (found === undefined) throw brokenPprofReference(place, 'function', id);
    return functions.intern(functionInfo(file, found));
  };
  return (id: number, sample: number): readonly FunctionIndex[] =>
    getOrInsert(known, id, () => {
      const location = file.locations.get(id);
      if (location === undefined) throw brokenPprofReference(`sample ${sample}`, 'location', id);
      const { lines, address } = location;
      return lines.length === 0
        ? [functions.intern(functionFrom({ name: `0x${address.toString(16)}`, file: '', line: 0, column: 0 }))]
        : lines.map(({ functionId }) => functionOf(functionId, `location ${id}`)).reverse();
    });
}

/** An anonymous function of V8 has its place in its name, as pstat and @datadog/pprof write it. */
function functionInfo(file: PprofFile, { name, systemName, filename, startLine }: PprofFunction) {
  const written = textAt(file, name) || textAt(file, systemName);
  const [anonymous, line, column] = /^\(anonymous:L#(\d{1,9}):C#(\d{1,9})\)$/.exec(written) ?? [];
  return functionFrom({
    name: anonymous === undefined ? written : '',
    file: textAt(file, filename),
    line: startLine > 0 ? startLine : Number(line ?? 0),
    column: Number(column ?? 0),
  });
}
