/**
 * Profile → pprof. One sample a node and executing line, innermost frame first. The values are `samples/count` and
 * `cpu/nanoseconds`, or `wall/nanoseconds` if idle time is among them. One location a function and line, with an address of
 * its own: pprof merges locations of one address. Callers are on the line of their declaration; time of no known line is on
 * line 0 where other lines are known.
 *
 * `go tool pprof` shows functions of one name as one, so the name of an anonymous function has its place, as
 * https://github.com/DataDog/pprof-nodejs writes it.
 */

import { gzipSync } from 'node:zlib';
import { PbfWriter } from 'pbf';
import { decodeFileUrl } from '../../base/url.ts';
import { VERSION } from '../../base/version.ts';
import { at } from '../../model/columns.ts';
import {
  type FunctionIndex,
  type FunctionInfo,
  type FunctionTable,
  FunctionTableBuilder,
  functionAt,
} from '../../model/function-table.ts';
import { PairIndex } from '../../model/pair-index.ts';
import type { StacksProfile } from '../../model/profile.ts';
import type { Part, WriteOptions, WrittenFile } from '../format.ts';
import {
  linesOfNode,
  requireSmallStacks,
  requireStacks,
  stackOf,
  unmistakableName,
  type WrittenStacks,
  writtenStacks,
} from '../stacks/written-stacks.ts';
import { FUNCTION, LABEL, LINE, LOCATION, MAPPING, PROFILE, SAMPLE, VALUE_TYPE } from './fields.ts';

const NANOSECONDS_PER_MICROSECOND = 1000;

/** Type and unit of a value, and how many of them are one unit of the profile. */
const AMOUNTS = {
  us: { type: 'cpu', name: 'nanoseconds', perUnit: NANOSECONDS_PER_MICROSECOND },
  bytes: { type: 'space', name: 'bytes', perUnit: 1 },
  count: { type: 'samples', name: 'count', perUnit: 1 },
} as const;

/** Throws PstatError (`missing-data`) for an edges profile, and for one without times. */
export function writePprof(parts: readonly [Part, ...Part[]], options: WriteOptions): WrittenFile {
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

/** One sample, as `writeSample` writes it; reused for all. */
interface SampleFields {
  locationIds: number[];
  /** Samples, unless their number is not known, and ns. */
  values: number[];
  /** indices into the string table */
  labels: readonly (readonly [key: number, text: number])[];
}

class PprofMessage {
  readonly #out = new PbfWriter();
  /** The empty string is the first, as the format demands. */
  readonly #strings = new Map([['', 0]]);
  readonly #functions = new FunctionTableBuilder();
  readonly #locations: { readonly functionId: number; readonly line: number }[] = [];
  readonly #locationOf = new PairIndex();
  readonly #sample: SampleFields = { locationIds: [], values: [], labels: [] };
  #knowsSamples = true;

  addHeader(profiles: readonly StacksProfile[], { idle = false }: WriteOptions): void {
    const unit = profiles[0]?.unit ?? 'us';
    const { type, name } = unit === 'us' && idle ? { ...AMOUNTS.us, type: 'wall' } : AMOUNTS[unit];
    this.#knowsSamples = unit !== 'count' && profiles.every(({ callTree }) => !callTree.samples.some(Number.isNaN));
    if (this.#knowsSamples) this.#valueType(PROFILE.sampleType, 'samples', 'count');
    this.#valueType(PROFILE.sampleType, type, name);
    this.#valueType(PROFILE.periodType, type, name);
    const starts = profiles.flatMap(({ request, run }) => request?.start ?? run?.start ?? []);
    const [interval] = profiles.map((profile) => profile.interval);
    const duration = profiles.reduce((sum, profile) => sum + profile.duration, 0);
    if (starts.length > 0) this.#out.writeVarintField(PROFILE.timeNanos, Math.round(Math.min(...starts) * 1e6));
    if (unit === 'us')
      this.#out.writeVarintField(PROFILE.durationNanos, Math.round(duration * NANOSECONDS_PER_MICROSECOND));
    this.#out.writeVarintField(PROFILE.period, Math.round((interval ?? 0) * NANOSECONDS_PER_MICROSECOND));
    for (const comment of [`pstat ${VERSION}`, ...profiles.flatMap(({ notes }) => notes)])
      this.#out.writeVarintField(PROFILE.comment, this.#string(comment));
    this.#out.writeVarintField(PROFILE.defaultSampleType, this.#string(type));
  }

  addSamples(stacks: WrittenStacks, labels: Part['labels']): void {
    const declared = this.#declaredLocations(stacks.functions);
    this.#sample.labels = [...labels].map(([key, text]) => [this.#string(key), this.#string(text)]);
    requireSmallStacks(stacks, nodesByLine(stacks));
    for (const node of stacks.nodes) {
      const [innermost = 0, ...callers] = stackOf(stacks, node);
      const above = callers.map(declared);
      for (const { line, self, samples } of linesOfNode(stacks, node)) {
        const own = line === null ? declared(innermost) : this.#location(stacks.functions, innermost, line);
        this.#sample.locationIds = [own, ...above];
        this.#sample.values = this.#knowsSamples ? [samples, self] : [self];
        this.#out.writeMessage(PROFILE.sample, writeSample, this.#sample);
      }
    }
  }

  finish(): { readonly bytes: Uint8Array; readonly functions: number } {
    const functions = this.#functions.finish();
    this.#writeMapping(this.#locations.length);
    this.#locations.forEach((location, i) => {
      this.#out.writeMessage(PROFILE.location, writeLocation, { ...location, id: i + 1 });
    });
    for (let fn = 0; fn < functions.length; fn++) this.#writeFunction(fn + 1, functionAt(functions, fn));
    for (const text of this.#strings.keys()) this.#out.writeStringField(PROFILE.stringTable, text);
    return { bytes: this.#out.finish(), functions: functions.length };
  }

  /** Returns the id of a function's location on a line, a new one for a new line. */
  #location(functions: FunctionTable, fn: FunctionIndex, line: number): number {
    const functionId = this.#functions.intern(functionAt(functions, fn)) + 1;
    const known = this.#locationOf.length;
    const location = this.#locationOf.indexOf(line, functionId);
    if (location === known) this.#locations.push({ functionId, line });
    return location + 1;
  }

  /** Returns FunctionIndex -> the id of its location on the line of its declaration; a column, since stacks are deep. */
  #declaredLocations(functions: FunctionTable): (fn: FunctionIndex) => number {
    const locations = new Int32Array(functions.length);
    return (fn) => {
      const known = at(locations, fn);
      if (known !== 0) return known;
      locations[fn] = this.#location(functions, fn, at(functions.line, fn));
      return at(locations, fn);
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

/** The nodes, each as often as it has lines: a line has a sample of its own. */
function* nodesByLine({ callTree: { lines }, nodes }: WrittenStacks): Generator<number> {
  for (const node of nodes) {
    const entries = lines === null ? 0 : at(lines.start, node + 1) - at(lines.start, node);
    for (let i = 0; i <= entries; i++) yield node;
  }
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
