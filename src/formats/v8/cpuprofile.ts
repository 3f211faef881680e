/**
 * V8's .cpuprofile: https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#type-Profile, as Node, Deno, Bun and
 * Chromium write it.
 *
 * It holds a tree of call nodes, each a distinct path from the root, and samples that name the node on top (node-tree.ts).
 * Files deviate from the protocol: known deviations are read, and impossible values are errors with their place.
 */

import type { RawStacksProfile } from '../../model/raw-profile.ts';
import type { Format } from '../format.ts';
import { isObject, type JsonObject, listAt, numberIn, objectAt, optionalList, optionalNumber } from '../json.ts';
import { type NodeList, readTree } from './node-list.ts';
import { buildTree, type Places, placesOf } from './node-tree.ts';
import { isBusinessCentral, producerOf } from './producer.ts';
import { readRequestMetadata } from './request-metadata.ts';
import { readRunMetadata } from './run-metadata.ts';
import type { ScannedProfile } from './scanner/cpuprofile-scanner.ts';
import { readScripts } from './scripts.ts';

export const cpuprofile: Format = {
  name: 'cpuprofile',
  title: `V8, from Node 12 on (node --cpu-prof), Deno, Bun, Chromium,
the inspector; also inside a protocol answer, and with the
places that VS Code's debugger adds`,
  extensions: ['.cpuprofile'],
  reader: {
    detect(content) {
      const value = content.json()?.value;
      return isObject(value) && looksLikeProfile(value);
    },
    read(content) {
      return [{ thread: null, profile: readProfile(objectAt(content.json()?.value, 'the file')) }];
    },
  },
  writer: {
    parts: 'merged',
    isBinary: false,
    load: async () => (await import('./write-cpuprofile.ts')).writeCpuprofile,
  },
};

/** Graphs and heap snapshots have `nodes` too: a profile has a callFrame in one of the first, or startTime or timeDeltas. */
function looksLikeProfile(file: JsonObject): boolean {
  const { nodes, startTime, timeDeltas, snapshot } = file;
  if (nodes === undefined || snapshot !== undefined) return false;
  if (Array.isArray(nodes) && isBusinessCentral(file, nodes.slice(0, FIRST_NODES))) return false;
  if (startTime !== undefined || timeDeltas !== undefined) return true;
  return (
    Array.isArray(nodes) &&
    nodes.slice(0, FIRST_NODES).some((node) => isObject(node) && node['callFrame'] !== undefined)
  );
}

/** So many nodes tell a file's format. */
const FIRST_NODES = 3;

/**
 * Reads a Profile object, also one inside a trace, where samples have lines. Throws PstatError (`malformed`).
 *
 * @param sampleLines sample -> 1-based line that was executing, 0 if not known; null if the file has none
 */
export function readProfile(
  profile: JsonObject,
  places: Places = placesOf('nodes'),
  sampleLines: Int32Array | null = null,
): RawStacksProfile {
  const mapped = placeMapper(profile);
  const nodes = listAt(profile['nodes'], places.all).map((node, i) => mapped(objectAt(node, places.node(i))));
  const producer = producerOf(
    profile,
    nodes.map(({ callFrame }) => callFrame),
  );
  const tree = readTree({
    nodes,
    places,
    producer,
    samples: optionalList(profile['samples'], 'samples'),
    times: sampleTimes(optionalList(profile['timeDeltas'], 'timeDeltas')),
    sampleLines,
    format: FORMAT,
    ...recordingTime(profile),
  });
  return withMetadata(tree, profile);
}

const FORMAT = 'V8 CPU profile';

/** As `readProfile`, for scanned content. Returns null if only the parsing reader reads it. Throws PstatError (`malformed`). */
export function readScannedProfile({ nodes, sampleIds, timeDeltas, rest }: ScannedProfile): RawStacksProfile | null {
  const isProfile = nodes.length > 0 || rest['startTime'] !== undefined || timeDeltas !== null;
  if (!isProfile || rest['snapshot'] !== undefined || mappedLocations(rest).length > 0) return null;
  const isOther = isBusinessCentral(
    rest,
    nodes.frames.map((callFrame) => ({ callFrame })),
  );
  if (isOther) return null;
  const tree = buildTree({
    nodes,
    places: placesOf('nodes'),
    producer: producerOf(rest, nodes.frames),
    sampleIds,
    times: sampleTimes(timeDeltas),
    sampleLines: null,
    format: FORMAT,
    ...recordingTime(rest),
  });
  return withMetadata(tree, rest);
}

/** Adds the metadata of pstat's own recordings, under the key `pstat`. */
function withMetadata(tree: RawStacksProfile, { pstat }: JsonObject): RawStacksProfile {
  const request = readRequestMetadata(pstat);
  const run = readRunMetadata(pstat);
  const scripts = readScripts(pstat);
  return {
    ...tree,
    ...(request === null ? {} : { request }),
    ...(run === null ? {} : { run }),
    ...(scripts.length === 0 ? {} : { scripts }),
  };
}

/**
 * sample -> µs since startTime. Deltas are summed from zero, not from startTime: Bun's startTime is so large that fractions
 * of a microsecond would be lost.
 */
function sampleTimes(deltas: ArrayLike<unknown> | null): Float64Array | null {
  if (deltas === null || deltas.length === 0) return null;
  const times = new Float64Array(deltas.length);
  let time = 0;
  for (let i = 0; i < deltas.length; i++) {
    time += numberIn(deltas, i, 'timeDeltas');
    times[i] = time;
  }
  return times;
}

function recordingTime({ startTime, endTime }: JsonObject): Pick<NodeList, 'duration' | 'notes'> {
  const start = optionalNumber(startTime, 'startTime');
  const end = optionalNumber(endTime, 'endTime');
  if (start !== null && end !== null && end >= start) return { duration: end - start, notes: [] };
  const problem = start === null ? 'no-start-time' : end === null ? 'no-end-time' : 'end-before-start';
  return { duration: null, notes: [{ code: 'assumed-end', problem }] };
}

/**
 * Returns a function that gives a node its original place. VS Code's debugger adds source-mapped places: a list by location
 * id, each with sources for the call frame, best one first. Nodes have a `locationId`. Lines are 1-based. See
 * https://github.com/microsoft/vscode-js-debug/blob/main/src/adapter/profiling/sourceAnnotationHelper.ts
 */
function placeMapper(profile: JsonObject): (node: JsonObject) => JsonObject {
  const locations = mappedLocations(profile);
  if (locations.length === 0) return (node) => node;
  return (node) => {
    const { callFrame, locationId } = node;
    const placeOf = (id: unknown) => (typeof id === 'number' ? bestPlace(locations[id]) : null);
    const place = placeOf(locationId);
    if (place === null || !isObject(callFrame)) return node;
    const positionTicks = mapTicks(node['positionTicks'], (id) => {
      const tickPlace = placeOf(id);
      return tickPlace?.url === place.url ? tickPlace.lineNumber + 1 : 0;
    });
    return { ...node, callFrame: { ...callFrame, ...place }, positionTicks };
  };
}

/** Gives ticks the lines of their original places; 0 to those that are not in the function's original file. */
function mapTicks(ticks: unknown, lineOf: (locationId: unknown) => number): unknown {
  if (!Array.isArray(ticks)) return ticks;
  return ticks.map((tick: unknown) => (isObject(tick) ? { ...tick, line: lineOf(tick['startLocationId']) } : tick));
}

function mappedLocations(profile: JsonObject): readonly unknown[] {
  const extra = profile['$vscode'];
  return isObject(extra) && Array.isArray(extra['locations']) ? extra['locations'] : [];
}

/** Fields of a call frame, 0-based. */
interface FramePlace {
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** Returns the first place with a path; null if there is none. */
function bestPlace(location: unknown): FramePlace | null {
  const places = isObject(location) && Array.isArray(location['locations']) ? location['locations'] : [];
  for (const place of places) {
    if (!isObject(place) || !isObject(place['source'])) continue;
    const { lineNumber, columnNumber } = place;
    const { path } = place['source'];
    if (typeof path !== 'string' || typeof lineNumber !== 'number') continue;
    return {
      url: path,
      lineNumber: lineNumber - 1,
      columnNumber: typeof columnNumber === 'number' ? columnNumber - 1 : -1,
    };
  }
  return null;
}
