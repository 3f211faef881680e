/**
 * Scans a .cpuprofile: chunks of bytes → columns, with objects only for distinct call frames. Memory never holds the whole
 * file, so V8's limit on strings does not apply. Anything unexpected makes it decline the file (README.md).
 */

import { intAt } from '../../../model/columns.ts';
import type { PositionTicks } from '../../../model/raw-profile.ts';
import { tooMany } from '../../errors.ts';
import type { Recording } from '../../format.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { readScannedProfile } from '../cpuprofile.ts';
import type { NodeColumns } from '../node-tree.ts';
import { ChunkFeeder } from './chunk-feeder.ts';
import { GrowingColumn } from './growing-column.ts';
import { type Kernel, PRESENT, SEEN, STOP, startKernel } from './kernel.ts';
import type { Scanner } from './scanner.ts';

/** The content of the file. */
export interface ScannedProfile {
  readonly nodes: NodeColumns;
  /** sample -> id of its node; null if the file has no list */
  readonly sampleIds: Int32Array | null;
  /** Null if the file has no list. */
  readonly timeDeltas: Float64Array | null;
  /** The other members of the profile. */
  readonly rest: JsonObject;
}

/** Characters of other members. Most profiles have a few hundred, some have source maps; a file with more is declined. */
const MAX_REST_LENGTH = 2 ** 24;

/** Nine hours at V8's usual interval of 1 ms; the columns of so many samples take over a gigabyte. */
const MAX_SAMPLES = 2 ** 25;

/** Call nodes, each with a few columns here and in the model. */
const MAX_NODES = 2 ** 24;

/** Few nodes are shorter. */
const MIN_NODE_BYTES = 128;

/** The nodes of a gigabyte. Columns of larger files grow. */
const MAX_EXPECTED_NODES = 2 ** 23;

type IntegerColumn = ReturnType<typeof integerColumn>;

function integerColumn(expected?: number) {
  return new GrowingColumn((length) => new Int32Array(length), expected);
}

export class CpuprofileScanner implements Scanner {
  readonly #kernel: Kernel;
  readonly #ids: IntegerColumn;
  readonly #parents: IntegerColumn;
  readonly #frames: IntegerColumn;
  readonly #hits: IntegerColumn;
  readonly #childCounts: IntegerColumn;
  readonly #children: IntegerColumn;
  readonly #tickCounts: IntegerColumn;
  readonly #tickLines = integerColumn();
  readonly #ticks = integerColumn();
  readonly #samples = integerColumn();
  readonly #deltas = new GrowingColumn((length) => new Float64Array(length));
  readonly #rest: string[] = [];
  #restLength = 0;
  readonly #feed: ChunkFeeder;

  private constructor(kernel: Kernel, bytes: number) {
    const nodes = Math.min(Math.ceil(bytes / MIN_NODE_BYTES), MAX_EXPECTED_NODES);
    this.#kernel = kernel;
    this.#ids = integerColumn(nodes);
    this.#parents = integerColumn(nodes);
    this.#frames = integerColumn(nodes);
    this.#hits = integerColumn(nodes);
    this.#childCounts = integerColumn(nodes);
    this.#children = integerColumn(nodes);
    this.#tickCounts = integerColumn(nodes);
    this.#feed = new ChunkFeeder(kernel, {
      scan: (from, end) => kernel.scan(from, end),
      collect: (stop) => {
        // Columns are copied when they are full or the file ends: a few large copies are faster than many small ones.
        if (stop !== STOP.more) this.#copyColumns();
        return stop !== STOP.other || this.#copyMember();
      },
    });
  }

  /**
   * Returns null if there is no WebAssembly or no memory.
   *
   * @param bytes the file's approximate length; 0 if unknown
   */
  static create(bytes: number): CpuprofileScanner | null {
    const kernel = startKernel();
    try {
      return kernel === null ? null : new CpuprofileScanner(kernel, bytes);
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }

  get position(): number {
    return this.#feed.position;
  }

  push(bytes: Uint8Array): boolean {
    return this.#feed.push(bytes);
  }

  /** Copies the columns that the kernel has filled. */
  #copyColumns(): void {
    const { IDS, PARENTS, FRAMES, HITS, CHILD_COUNTS, CHILDREN, SAMPLES, DELTAS, memory, ...kernel } = this.#kernel;
    const integers = (start: number, length: number) => new Int32Array(memory.buffer, start, length);
    const nodes = kernel.nodeCount.value;
    this.#ids.push(integers(IDS.value, nodes));
    this.#parents.push(integers(PARENTS.value, nodes));
    this.#frames.push(integers(FRAMES.value, nodes));
    this.#hits.push(integers(HITS.value, nodes));
    this.#childCounts.push(integers(CHILD_COUNTS.value, nodes));
    this.#children.push(integers(CHILDREN.value, kernel.childCount.value));
    this.#tickCounts.push(integers(kernel.TICK_COUNTS.value, nodes));
    this.#tickLines.push(integers(kernel.TICK_LINES.value, kernel.tickCount.value));
    this.#ticks.push(integers(kernel.TICKS.value, kernel.tickCount.value));
    this.#samples.push(integers(SAMPLES.value, kernel.sampleCount.value));
    this.#deltas.push(new Float64Array(memory.buffer, DELTAS.value, kernel.deltaCount.value));
    this.#kernel.resetColumns();
    if (Math.max(this.#samples.length, this.#deltas.length) > MAX_SAMPLES) throw tooMany('samples', MAX_SAMPLES);
    if (Math.max(this.#ids.length, this.#children.length) > MAX_NODES) throw tooMany('call nodes', MAX_NODES);
    if (this.#ticks.length > MAX_SAMPLES) throw tooMany('position ticks', MAX_SAMPLES);
  }

  #copyMember(): boolean {
    const member = this.#text(this.#kernel.keyStart.value, this.#kernel.valueEnd.value);
    this.#rest.push(member);
    this.#restLength += member.length;
    return this.#restLength <= MAX_REST_LENGTH;
  }

  recordings(): readonly Recording[] | null {
    const scanned = this.#finish();
    const profile = scanned && readScannedProfile(scanned);
    return profile && [{ thread: null, profile }];
  }

  #finish(): ScannedProfile | null {
    const { seenKeys, startTime, endTime } = this.#kernel;
    if (!this.#feed.hasEnded || (seenKeys.value & SEEN.nodes) === 0) return null;
    const frames = this.#callFrames();
    const rest = parsedObject(`{${this.#rest.join(',')}}`);
    if (frames === null || rest === null) return null;
    return {
      nodes: this.#nodes(frames),
      sampleIds: (seenKeys.value & SEEN.samples) === 0 ? null : this.#samples.finish(),
      timeDeltas: (seenKeys.value & SEEN.deltas) === 0 ? null : this.#deltas.finish(),
      rest: { ...rest, ...numberOrNone('startTime', startTime.value), ...numberOrNone('endTime', endTime.value) },
    };
  }

  #nodes(frames: readonly JsonObject[]): NodeColumns {
    const present = this.#kernel.presentFields.value;
    return {
      length: this.#ids.length,
      id: this.#ids.finish(),
      parentId: (present & PRESENT.parent) === 0 ? null : orNaN(this.#parents.finish()),
      childCount: this.#childCounts.finish(),
      children: this.#children.finish(),
      frame: this.#frames.finish(),
      frames,
      hitCount: (present & PRESENT.hitCount) === 0 ? null : this.#hits.finish(),
      positionTicks: (present & PRESENT.positionTicks) === 0 ? null : this.#positionTicks(),
    };
  }

  #positionTicks(): PositionTicks {
    const { length } = this.#ticks;
    const counts = this.#tickCounts.finish();
    const node = new Int32Array(length);
    let tick = 0;
    for (let row = 0; row < counts.length; row++) {
      for (const end = tick + intAt(counts, row); tick < end; tick++) node[tick] = row;
    }
    return { length, node, line: this.#tickLines.finish(), ticks: new Float64Array(this.#ticks.finish()) };
  }

  /** The distinct call frames, in order of their first node. Null if one is not JSON. */
  #callFrames(): JsonObject[] | null {
    const { memory, firstFrame, FRAME_LENGTH, FRAME_BYTES } = this.#kernel;
    const records = new DataView(memory.buffer);
    const frames: JsonObject[] = [];
    for (let at = firstFrame.value; at !== 0; at = records.getUint32(at, true)) {
      const start = at + FRAME_BYTES.value;
      const end = start + records.getUint32(at + FRAME_LENGTH.value, true);
      const frame = parsedObject(this.#text(start, end));
      if (frame === null) return null;
      frames.push(frame);
    }
    return frames;
  }

  #text(start: number, end: number): string {
    return Buffer.from(this.#kernel.memory.buffer, start, end - start).toString('utf8');
  }
}

function parsedObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The kernel writes -1 for a node without a parent field. */
function orNaN(column: Int32Array): Float64Array {
  return Float64Array.from(column, (id) => (id === -1 ? Number.NaN : id));
}

function numberOrNone(name: string, value: number): JsonObject {
  return Number.isNaN(value) ? {} : { [name]: value };
}
