/**
 * Profile → pprof. One sample a stack and executing line, innermost frame first. The values are `samples/count` and
 * `cpu/nanoseconds`, or `wall/nanoseconds` if idle time is among them. One location a function and line, with an address of
 * its own: pprof merges locations of one address. Callers are on the line of their declaration; time of no known line is on
 * line 0 where other lines are known. The locations of most samples have the smallest numbers, which take one byte.
 *
 * `go tool pprof` shows functions of one name as one, so the name of an anonymous function has its place, as
 * https://github.com/DataDog/pprof-nodejs writes it.
 */

import { gzipSync } from 'node:zlib';
import { PbfWriter } from 'pbf';
import { decodeFileUrl } from '../../base/url.ts';
import { VERSION } from '../../base/version.ts';
import type { CallTree, NodeIndex } from '../../model/call-tree.ts';
import { at, floatAt, intAt } from '../../model/columns.ts';
import {
  type FunctionIndex,
  type FunctionInfo,
  type FunctionTable,
  FunctionTableBuilder,
  functionAt,
} from '../../model/function-table.ts';
import { PairIndex } from '../../model/pair-index.ts';
import type { StacksProfile } from '../../model/profile.ts';
import type { Microseconds } from '../../model/raw-profile.ts';
import { tooLongForPprof } from '../errors.ts';
import type { Part, WriteOptions, WrittenFile } from '../format.ts';
import {
  eachLineOfNode,
  requireSmallStacks,
  requireStacks,
  unmistakableName,
  type WrittenStacks,
  writtenStacks,
} from '../stacks/written-stacks.ts';
import { FUNCTION, LABEL, LINE, LOCATION, MAPPING, PROFILE, SAMPLE, VALUE_TYPE } from './fields.ts';
import { type LocationIndex, type StackIndex, StackTable } from './stack-table.ts';

const NANOSECONDS_PER_MICROSECOND = 1000;

/** Type and unit of a value, and how many of them are one unit of the profile. */
const AMOUNTS = {
  us: { type: 'cpu', name: 'nanoseconds', perUnit: NANOSECONDS_PER_MICROSECOND },
  bytes: { type: 'space', name: 'bytes', perUnit: 1 },
  count: { type: 'samples', name: 'count', perUnit: 1 },
} as const;

/** Throws PstatError (`missing-data`) for an edges profile, and for one without times. */
export function writePprof(parts: readonly Part[], options: WriteOptions): WrittenFile {
  const message = new PprofMessage();
  message.addHeader(
    parts.map(({ profile }) => requireStacks(profile)),
    options,
  );
  for (const { profile, labels } of parts) {
    const perUnit = AMOUNTS[requireStacks(profile).unit].perUnit;
    message.addSamples(writtenStacks(profile, perUnit, options), labels);
  }
  const { bytes, functions } = message.finish();
  return { bytes: gzipSync(bytes), rows: functions, notes: [] };
}

/** Index of a label's key, and of its text, in the string table. */
type Labels = readonly (readonly [key: number, text: number])[];

/** One sample, as `writeSample` writes it; reused for all. */
interface SampleFields {
  /** Innermost first. */
  readonly locationIds: number[];
  /** Samples, unless their number is not known, and ns. */
  readonly values: number[];
  labels: Labels;
}

/** The stacks of one set of labels. */
interface WrittenPart {
  readonly table: StackTable;
  readonly stacks: readonly StackIndex[];
  readonly labels: Labels;
}

class PprofMessage {
  readonly #out = new PbfWriter();
  /** The empty string is the first, as the format demands. */
  readonly #strings = new Map([['', 0]]);
  readonly #functions = new FunctionTableBuilder();
  /** Line and function's id -> LocationIndex */
  readonly #locations = new PairIndex();
  readonly #parts: WrittenPart[] = [];
  #knowsSamples = true;

  addHeader(profiles: readonly StacksProfile[], { idle = false, comments = [] }: WriteOptions): void {
    const unit = profiles[0]?.unit ?? 'us';
    const { type, name } = unit === 'us' && idle ? { ...AMOUNTS.us, type: 'wall' } : AMOUNTS[unit];
    this.#knowsSamples = unit !== 'count' && profiles.every(({ callTree }) => !callTree.samples.some(Number.isNaN));
    if (this.#knowsSamples) this.#valueType(PROFILE.sampleType, 'samples', 'count');
    this.#valueType(PROFILE.sampleType, type, name);
    this.#valueType(PROFILE.periodType, type, name);
    const starts = profiles.flatMap(({ request, run }) => request?.start ?? run?.start ?? []);
    const [interval] = profiles.map((profile) => profile.interval);
    const duration = profiles.reduce((sum, profile) => sum + profile.duration, 0);
    const start = Math.min(...starts) * 1e6;
    if (Math.abs(start) < END_OF_INT64) this.#out.writeVarintField(PROFILE.timeNanos, Math.round(start));
    if (unit === 'us') this.#out.writeVarintField(PROFILE.durationNanos, nanoseconds(duration));
    this.#out.writeVarintField(PROFILE.period, nanoseconds(interval ?? 0));
    for (const comment of [`pstat ${VERSION}`, ...comments])
      this.#out.writeVarintField(PROFILE.comment, this.#string(comment));
    this.#out.writeVarintField(PROFILE.defaultSampleType, this.#string(type));
  }

  addSamples(stacks: WrittenStacks, labels: Part['labels']): void {
    const { functions, callTree, nodes } = stacks;
    const table = new StackTable(callTree.length);
    const location = this.#locationsOf(functions);
    const stackOf = new Int32Array(callTree.length);
    const callersOf = (node: NodeIndex) => {
      const parent = at(callTree.parent, node);
      return parent === -1 ? table.empty : at(stackOf, parent);
    };
    const isNeeded = markStacks(callTree, nodes);
    for (let node = 0; node < callTree.length; node++) {
      const fn = at(callTree.function, node);
      if (at(isNeeded, node) === 0 || at(functions.kind, fn) === 'root') continue;
      stackOf[node] = table.child(callersOf(node), location(fn, at(functions.line, fn)));
    }
    for (const node of nodes) {
      eachLineOfNode(stacks, node, (line, self, samples) => {
        const fn = at(callTree.function, node);
        const stack = line === null ? at(stackOf, node) : table.child(callersOf(node), location(fn, line));
        table.add(stack, self, samples);
      });
    }
    const written = table.written();
    requireSmallStacks(table.parent, written);
    const keys = [...labels].map(([key, text]) => [this.#string(key), this.#string(text)] as const);
    this.#parts.push({ table, stacks: written, labels: keys });
  }

  finish(): { readonly bytes: Uint8Array; readonly functions: number } {
    const functions = this.#functions.finish();
    const order = this.#orderLocations();
    const ids = new Int32Array(this.#locations.length);
    order.forEach((location, i) => {
      ids[location] = i + 1;
    });
    this.#writeSamples(ids);
    this.#writeMapping(order.length);
    const { firsts: lines, seconds: functionIds } = this.#locations;
    for (const location of order) {
      const fields = { functionId: at(functionIds, location), line: at(lines, location), id: at(ids, location) };
      this.#out.writeMessage(PROFILE.location, writeLocation, fields);
    }
    for (let fn = 0; fn < functions.length; fn++) this.#writeFunction(fn + 1, functionAt(functions, fn));
    for (const text of this.#strings.keys()) this.#out.writeStringField(PROFILE.stringTable, text);
    return { bytes: this.#out.finish(), functions: functions.length };
  }

  /** The locations of samples, those of most samples first. */
  #orderLocations(): LocationIndex[] {
    const uses = new Float64Array(this.#locations.length);
    for (const { table, stacks } of this.#parts) table.countLocations(stacks, uses);
    const used = [...uses.keys()].filter((location) => at(uses, location) > 0);
    return used.sort((a, b) => at(uses, b) - at(uses, a) || a - b);
  }

  /** @param ids LocationIndex -> its id */
  #writeSamples(ids: Int32Array): void {
    const sample: SampleFields = { locationIds: [], values: [], labels: [] };
    const { locationIds, values } = sample;
    for (const { table, stacks, labels } of this.#parts) {
      const { parent, location } = table;
      sample.labels = labels;
      for (const stack of stacks) {
        let depth = 0;
        for (let each = stack; each !== table.empty; each = floatAt(parent, each))
          locationIds[depth++] = intAt(ids, floatAt(location, each));
        // Not emptied first: that gives the memory of the list back.
        locationIds.length = depth;
        values.length = 0;
        if (this.#knowsSamples) values.push(at(table.samples, stack));
        values.push(at(table.self, stack));
        this.#out.writeMessage(PROFILE.sample, writeSample, sample);
      }
    }
  }

  /** Returns the location of a function on a line, a new one for a new line. The ids of functions are kept in a column. */
  #locationsOf(functions: FunctionTable): (fn: FunctionIndex, line: number) => LocationIndex {
    const ids = new Int32Array(functions.length);
    return (fn, line) => {
      if (at(ids, fn) === 0) ids[fn] = this.#functions.intern(functionAt(functions, fn)) + 1;
      return this.#locations.indexOf(line, at(ids, fn));
    };
  }

  /** One mapping for all: without it pprof invents one, and other tools drop names and lines. */
  #writeMapping(locations: number): void {
    const fields = { limit: locations + 1, filename: this.#string('node') };
    this.#out.writeMessage(PROFILE.mapping, writeMapping, fields);
  }

  #writeFunction(id: number, info: FunctionInfo): void {
    const name = this.#string(pprofName(info));
    const fields = { id, name, filename: this.#string(decodeFileUrl(info.file)), line: info.line };
    this.#out.writeMessage(PROFILE.function, writeFunction, fields);
  }

  #valueType(field: number, type: string, unit: string): void {
    this.#out.writeMessage(field, writeValueType, { type: this.#string(type), unit: this.#string(unit) });
  }

  #string(text: string): number {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    this.#strings.set(text, this.#strings.size);
    return this.#strings.size - 1;
  }
}

/** Numbers of the format are less: 292 years in ns. */
const END_OF_INT64 = 2 ** 63;

/** Throws PstatError (`missing-data`) for a time that the format cannot hold. */
function nanoseconds(time: Microseconds): number {
  const value = Math.round(time * NANOSECONDS_PER_MICROSECOND);
  if (value >= END_OF_INT64) throw tooLongForPprof();
  return value;
}

/** NodeIndex -> 1 for these nodes and their callers. */
function markStacks({ length, parent }: CallTree, nodes: readonly NodeIndex[]): Uint8Array {
  const marks = new Uint8Array(length);
  for (const node of nodes) marks[node] = 1;
  for (let node = length - 1; node >= 0; node--) {
    const above = at(parent, node);
    if (at(marks, node) === 1 && above !== -1) marks[above] = 1;
  }
  return marks;
}

/** `(anonymous:L#81:C#20)` for a function without a name. */
function pprofName({ kind, name, line, column }: FunctionInfo): string {
  if (name !== '') return unmistakableName(name, kind);
  return line === 0 ? '(anonymous)' : `(anonymous:L#${line}:C#${column})`;
}

function writeSample({ locationIds, values, labels }: SampleFields, out: PbfWriter): void {
  out.writePackedVarint(SAMPLE.locationId, locationIds);
  out.writePackedVarint(SAMPLE.value, values);
  for (const label of labels) out.writeMessage(SAMPLE.label, writeLabel, label);
}

function writeLabel([key, text]: readonly [number, number], out: PbfWriter): void {
  out.writeVarintField(LABEL.key, key);
  out.writeVarintField(LABEL.text, text);
}

function writeValueType({ type, unit }: { type: number; unit: number }, out: PbfWriter): void {
  out.writeVarintField(VALUE_TYPE.type, type);
  out.writeVarintField(VALUE_TYPE.unit, unit);
}

function writeMapping({ limit, filename }: { limit: number; filename: number }, out: PbfWriter): void {
  out.writeVarintField(MAPPING.id, 1);
  out.writeVarintField(MAPPING.memoryLimit, limit);
  out.writeVarintField(MAPPING.filename, filename);
  out.writeBooleanField(MAPPING.hasFunctions, true);
  out.writeBooleanField(MAPPING.hasFilenames, true);
  out.writeBooleanField(MAPPING.hasLineNumbers, true);
}

function writeLocation(location: { id: number; functionId: number; line: number }, out: PbfWriter): void {
  out.writeVarintField(LOCATION.id, location.id);
  out.writeVarintField(LOCATION.mappingId, 1);
  out.writeVarintField(LOCATION.address, location.id);
  out.writeMessage(LOCATION.line, writeLine, location);
}

function writeLine({ functionId, line }: { functionId: number; line: number }, out: PbfWriter): void {
  out.writeVarintField(LINE.functionId, functionId);
  out.writeVarintField(LINE.line, line);
}

function writeFunction(fn: { id: number; name: number; filename: number; line: number }, out: PbfWriter): void {
  out.writeVarintField(FUNCTION.id, fn.id);
  out.writeVarintField(FUNCTION.name, fn.name);
  out.writeVarintField(FUNCTION.systemName, fn.name);
  out.writeVarintField(FUNCTION.filename, fn.filename);
  out.writeVarintField(FUNCTION.startLine, fn.line);
}
