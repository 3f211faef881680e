/**
 * A .cpuprofile piece by piece: bytes → columns, without an object for anything but the call frames that differ.
 * Nothing holds the whole file, and so no text is too long.
 *
 * It takes what V8 and its kin write. What is unusual, or wrong, it does not judge: it stops, and the plain reader says
 * what it is, or reads it.
 */

import type { Recording } from '../../format.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { scannedProfile } from '../cpuprofile.ts';
import type { NodeColumns } from '../node-tree.ts';
import { ChunkFeeder } from './chunk-feeder.ts';
import { GrowingColumn } from './growing-column.ts';
import { type Kernel, MET, SAID, STOP, startKernel } from './kernel.ts';
import type { Scanner } from './scanner.ts';

/** What stands in the file. */
export interface ScannedProfile {
  readonly nodes: NodeColumns;
  /** sample -> id of its node; null where the file has no list of them */
  readonly sampleIds: Int32Array | null;
  /** null where the file has no list of them */
  readonly timeDeltas: Float64Array | null;
  /** Every other key of the profile with its value. */
  readonly rest: JsonObject;
}

/** Other keys with their values, in characters. A profile's own facts take a few hundred; longer ones are for the plain reader. */
const MOST_REST = 2 ** 20;

/** Hardly any are shorter. */
const BYTES_OF_A_NODE = 128;

/** Nodes of a gigabyte. Of what is longer, or says so, columns grow as they are filled. */
const MOST_EXPECTED = 2 ** 23;

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
  readonly #samples = integerColumn();
  readonly #deltas = new GrowingColumn((length) => new Float64Array(length));
  readonly #rest: string[] = [];
  #restLength = 0;
  readonly #feed: ChunkFeeder;

  private constructor(kernel: Kernel, bytes: number) {
    const nodes = Math.min(Math.ceil(bytes / BYTES_OF_A_NODE), MOST_EXPECTED);
    this.#kernel = kernel;
    this.#ids = integerColumn(nodes);
    this.#parents = integerColumn(nodes);
    this.#frames = integerColumn(nodes);
    this.#hits = integerColumn(nodes);
    this.#childCounts = integerColumn(nodes);
    this.#children = integerColumn(nodes);
    this.#feed = new ChunkFeeder(kernel, {
      scan: (from, end) => kernel.scan(from, end),
      take: (stop) => {
        // Lists wait until they are full, or the file ends: many small copies take longer than a few large ones.
        if (stop !== STOP.more) this.#take();
        return stop !== STOP.other || this.#takeOther();
      },
    });
  }

  /**
   * Null where the machine does not give what it needs.
   *
   * @param bytes how long the file is, about; 0 if nobody knows
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

  /** The lists that the kernel has filled. */
  #take(): void {
    const { IDS, PARENTS, FRAMES, HITS, CHILD_COUNTS, CHILDREN, SAMPLES, DELTAS, memory, ...counts } = this.#kernel;
    const integers = (start: number, length: number) => new Int32Array(memory.buffer, start, length);
    const nodes = counts.nodeCount.value;
    this.#ids.push(integers(IDS.value, nodes));
    this.#parents.push(integers(PARENTS.value, nodes));
    this.#frames.push(integers(FRAMES.value, nodes));
    this.#hits.push(integers(HITS.value, nodes));
    this.#childCounts.push(integers(CHILD_COUNTS.value, nodes));
    this.#children.push(integers(CHILDREN.value, counts.childCount.value));
    this.#samples.push(integers(SAMPLES.value, counts.sampleCount.value));
    this.#deltas.push(new Float64Array(memory.buffer, DELTAS.value, counts.deltaCount.value));
    this.#kernel.taken();
  }

  #takeOther(): boolean {
    const member = this.#text(this.#kernel.keyStart.value, this.#kernel.valueEnd.value);
    this.#rest.push(member);
    this.#restLength += member.length;
    return this.#restLength <= MOST_REST;
  }

  recordings(): readonly Recording[] | null {
    const scanned = this.#finish();
    const profile = scanned && scannedProfile(scanned);
    return profile && [{ thread: null, profile }];
  }

  #finish(): ScannedProfile | null {
    const { met, startTime, endTime } = this.#kernel;
    if (!this.#feed.hasEnded || (met.value & MET.nodes) === 0) return null;
    const frames = this.#callFrames();
    const rest = parsedObject(`{${this.#rest.join(',')}}`);
    if (frames === null || rest === null) return null;
    return {
      nodes: this.#nodes(frames),
      sampleIds: (met.value & MET.samples) === 0 ? null : this.#samples.finish(),
      timeDeltas: (met.value & MET.deltas) === 0 ? null : this.#deltas.finish(),
      rest: { ...rest, ...numberOrNone('startTime', startTime.value), ...numberOrNone('endTime', endTime.value) },
    };
  }

  #nodes(frames: readonly JsonObject[]): NodeColumns {
    const said = this.#kernel.said.value;
    return {
      length: this.#ids.length,
      id: this.#ids.finish(),
      parentId: (said & SAID.parent) === 0 ? null : orNaN(this.#parents.finish()),
      childCount: this.#childCounts.finish(),
      children: this.#children.finish(),
      frame: this.#frames.finish(),
      frames,
      hitCount: (said & SAID.hitCount) === 0 ? null : this.#hits.finish(),
    };
  }

  /** The call frames that differ, in order of their first node. Null if one is no JSON. */
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

/** The kernel writes -1 for a parent that a node does not name. */
function orNaN(column: Int32Array): Float64Array {
  return Float64Array.from(column, (id) => (id === -1 ? Number.NaN : id));
}

function numberOrNone(name: string, value: number): JsonObject {
  return Number.isNaN(value) ? {} : { [name]: value };
}
