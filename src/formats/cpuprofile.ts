/**
 * V8's .cpuprofile: the Profiler.Profile of the DevTools protocol, as Node, Deno, Bun and Chromium write it.
 *
 * A tree of call nodes, each a distinct path from the root, and samples that name the node on top (node-tree.ts). What
 * the protocol promises and what files hold differ: every departure that is known to occur is taken, and what cannot be
 * right is refused with its place.
 */

import type { RawPathsProfile } from '../model/raw-profile.ts';
import type { Format } from './format.ts';
import { isObject, type JsonObject, listAt, numberIn, objectAt, optionalList, optionalNumber } from './json.ts';
import { type NodeList, type Places, placesOf, readTree } from './node-tree.ts';
import { requestFacts } from './request-facts.ts';

export const cpuprofile: Format = {
  matches(content) {
    const value = content.json()?.value;
    return isObject(value) && looksLikeProfile(value);
  },
  read(content) {
    return [{ thread: null, profile: readProfile(objectAt(content.json()?.value, 'the file')) }];
  },
};

/** Other files have `nodes` too (graphs, heap snapshots): one node must have a callFrame, or a clock stand beside. */
function looksLikeProfile({ nodes, startTime, timeDeltas, snapshot }: JsonObject): boolean {
  if (nodes === undefined || snapshot !== undefined) return false;
  if (startTime !== undefined || timeDeltas !== undefined) return true;
  return Array.isArray(nodes) && nodes.slice(0, 3).some((node) => isObject(node) && node['callFrame'] !== undefined);
}

/** Reads the protocol's object. Also the inside of other containers. Throws PstatError (`malformed`). */
export function readProfile(profile: JsonObject, places: Places = placesOf('nodes')): RawPathsProfile {
  const mapped = mappedPlaces(profile);
  const request = requestFacts(profile['pstat']);
  const tree = readTree({
    nodes: listAt(profile['nodes'], places.all).map((node, i) => mapped(objectAt(node, places.node(i)))),
    places,
    samples: optionalList(profile['samples'], 'samples'),
    times: sampleTimes(profile),
    ...recordingTime(profile),
    format: 'V8 CPU profile',
    executingLines: isFromBun(profile),
  });
  return request === null ? tree : { ...tree, request };
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
function sampleTimes(profile: JsonObject): Float64Array | null {
  const deltas = optionalList(profile['timeDeltas'], 'timeDeltas');
  if (deltas === null || deltas.length === 0) return null;
  let time = 0;
  return Float64Array.from(deltas, (_, i) => {
    time += numberIn(deltas, i, 'timeDeltas');
    return time;
  });
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
  const extra = profile['$vscode'];
  const locations = isObject(extra) && Array.isArray(extra['locations']) ? extra['locations'] : [];
  if (locations.length === 0) return (node) => node;
  return (node) => {
    const { callFrame, locationId } = node;
    const place = typeof locationId === 'number' ? bestPlace(locations[locationId]) : null;
    return place === null || !isObject(callFrame) ? node : { ...node, callFrame: { ...callFrame, ...place } };
  };
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
