/** A .cpuprofile piece by piece (part-scanner.ts), or in two parts of which another thread scans the second. */

import { scannedProfile } from '../cpuprofile.ts';
import type { Recording } from '../format.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { NodeColumns } from '../node-tree.ts';
import { MET, SAID } from './kernel-instance.ts';
import { PartScanner } from './part-scanner.ts';
import { joined, type ProfilePart } from './profile-part.ts';
import type { Scan } from './scanning.ts';

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

export class ProfileScanner implements Scan {
  readonly #scanner: PartScanner;

  private constructor(scanner: PartScanner) {
    this.#scanner = scanner;
  }

  /** Null where the machine does not give what it needs. */
  static start(): ProfileScanner | null {
    const scanner = PartScanner.start('file');
    return scanner === null ? null : new ProfileScanner(scanner);
  }

  get position(): number {
    return this.#scanner.position;
  }

  push(bytes: Uint8Array): boolean {
    return this.#scanner.push(bytes);
  }

  recordings(): readonly Recording[] | null {
    const part = this.#scanner.hasEnded ? this.#scanner.part() : null;
    return part && recordingsOf(part);
  }

  /** Whether the file was read up to this byte, and a node is what comes next. */
  isAtNode(byte: number): boolean {
    return this.#scanner.isAtNode && this.#scanner.position === byte;
  }

  /** As `recordings`, of the part that was read here and the one behind it, which reaches to the end. */
  recordingsWith(second: ProfilePart): readonly Recording[] | null {
    const first = this.#scanner.part();
    const part = first && joined(first, second);
    return part && recordingsOf(part);
  }
}

function recordingsOf(part: ProfilePart): readonly Recording[] | null {
  const scanned = scannedOf(part);
  const profile = scanned && scannedProfile(scanned);
  return profile && [{ thread: null, profile }];
}

function scannedOf(part: ProfilePart): ScannedProfile | null {
  const { samples, deltas, met, startTime, endTime } = part;
  const frames = parsedObjects(part.frameTexts);
  const rest = parsedObject(`{${part.rest.join(',')}}`);
  if (frames === null || rest === null) return null;
  return {
    nodes: nodesOf(part, frames),
    sampleIds: (met & MET.samples) === 0 ? null : samples,
    timeDeltas: (met & MET.deltas) === 0 ? null : deltas,
    rest: { ...rest, ...numberOrNone('startTime', startTime), ...numberOrNone('endTime', endTime) },
  };
}

function nodesOf(part: ProfilePart, frames: readonly JsonObject[]): NodeColumns {
  const { ids, parents, childCounts, children, frames: frame, hits, said } = part;
  return {
    length: ids.length,
    id: ids,
    parentId: (said & SAID.parent) === 0 ? null : orNaN(parents),
    childCount: childCounts,
    children,
    frame,
    frames,
    hitCount: (said & SAID.hitCount) === 0 ? null : hits,
  };
}

/** Null if one is no JSON. */
function parsedObjects(texts: readonly string[]): JsonObject[] | null {
  const objects: JsonObject[] = [];
  for (const text of texts) {
    const object = parsedObject(text);
    if (object === null) return null;
    objects.push(object);
  }
  return objects;
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
