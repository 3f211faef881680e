/**
 * V8's .cpuprofile: the Profiler.Profile of the DevTools protocol, as Node, Deno, Bun and Chromium write it.
 *
 * A tree of call nodes, each a distinct path from the root, and samples that name the node on top (node-tree.ts). What
 * the protocol promises and what files hold differ: every departure that is known to occur is taken, and what cannot be
 * right is refused with its place.
 */

import type { RawStacksProfile } from '../../model/raw-profile.ts';
import type { Format } from '../format.ts';
import { isObject, type JsonObject, listAt, numberIn, objectAt, optionalList, optionalNumber } from '../json.ts';
import { type NodeList, readTree } from './node-list.ts';
import { type Places, placesOf, treeOf } from './node-tree.ts';
import { requestFacts } from './request-metadata.ts';
import { readRunMetadata } from './run-metadata.ts';
import type { ScannedProfile } from './scanner/cpuprofile-scanner.ts';

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
};

/** Other files have `nodes` too (graphs, heap snapshots): one node must have a callFrame, or a clock stand beside. */
function looksLikeProfile({ nodes, startTime, timeDeltas, snapshot }: JsonObject): boolean {
  if (nodes === undefined || snapshot !== undefined) return false;
  if (startTime !== undefined || timeDeltas !== undefined) return true;
  return Array.isArray(nodes) && nodes.slice(0, 3).some((node) => isObject(node) && node['callFrame'] !== undefined);
}

/** Reads the protocol's object. Also the inside of other containers. Throws PstatError (`malformed`). */
export function readProfile(profile: JsonObject, places: Places = placesOf('nodes')): RawStacksProfile {
  const mapped = mappedPlaces(profile);
  const tree = readTree({
    nodes: listAt(profile['nodes'], places.all).map((node, i) => mapped(objectAt(node, places.node(i)))),
    places,
    samples: optionalList(profile['samples'], 'samples'),
    times: sampleTimes(optionalList(profile['timeDeltas'], 'timeDeltas')),
    ...recordingFacts(profile),
  });
  return withMetadata(tree, profile);
}

/** The same of what was scanned; null for what only the plain reader reads. Throws PstatError (`malformed`). */
export function scannedProfile({ nodes, sampleIds, timeDeltas, rest }: ScannedProfile): RawStacksProfile | null {
  const isProfile = nodes.length > 0 || rest['startTime'] !== undefined || timeDeltas !== null;
  if (!isProfile || rest['snapshot'] !== undefined || mappedLocations(rest).length > 0) return null;
  const tree = treeOf({
    nodes,
    places: placesOf('nodes'),
    sampleIds,
    times: sampleTimes(timeDeltas),
    ...recordingFacts(rest),
  });
  return withMetadata(tree, rest);
}

function recordingFacts(profile: JsonObject) {
  return { ...recordingTime(profile), format: 'V8 CPU profile', executingLines: isFromBun(profile) };
}

/** What pstat's own recordings say beside the profile. */
function withMetadata(tree: RawStacksProfile, { pstat }: JsonObject): RawStacksProfile {
  const request = requestFacts(pstat);
  const run = readRunMetadata(pstat);
  return { ...tree, ...(request === null ? {} : { request }), ...(run === null ? {} : { run }) };
}

/** Bun writes the V8 shape with the time of day for a clock; V8's counts from the start of the machine. */
function isFromBun({ startTime }: JsonObject): boolean {
  return typeof startTime === 'number' && startTime > TIME_OF_DAY;
}

/** µs; thirty years after 1970, and longer than any machine stays up. */
const TIME_OF_DAY = 9.5e14;

/**
 * sample -> µs since startTime. Deltas are added up from zero, not from startTime: Bun's startTime is the time of
 * day, beside which fractions of a microsecond would be lost.
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
  const fault =
    start === null ? 'startTime is missing' : end === null ? 'endTime is missing' : 'endTime lies before startTime';
  return { duration: null, notes: [`${fault}: the recording is taken to end one interval after the last sample`] };
}

/**
 * VS Code's debugger adds the places that source maps gave: a list by location id, each with the sources that stand
 * for the call frame, best one first. Nodes name their location. Lines there are 1-based.
 */
function mappedPlaces(profile: JsonObject): (node: JsonObject) => JsonObject {
  const locations = mappedLocations(profile);
  if (locations.length === 0) return (node) => node;
  return (node) => {
    const { callFrame, locationId } = node;
    const place = typeof locationId === 'number' ? bestPlace(locations[locationId]) : null;
    return place === null || !isObject(callFrame) ? node : { ...node, callFrame: { ...callFrame, ...place } };
  };
}

function mappedLocations(profile: JsonObject): readonly unknown[] {
  const extra = profile['$vscode'];
  return isObject(extra) && Array.isArray(extra['locations']) ? extra['locations'] : [];
}

/** The first place with a path, as a call frame has it; null where nothing was mapped. */
function bestPlace(location: unknown): JsonObject | null {
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
