/**
 * V8's profiles of the generation before Node 8: a `head` node with its children inside it, and `timestamps` of
 * samples in µs. Names and places stand on the node itself, 1-based. startTime and endTime are seconds, mostly rounded
 * to whole ones, so that the recording is taken to begin with the first sample.
 */

import type { Format } from '../format.ts';
import { integerAt, isObject, type JsonObject, numberAt, objectAt, optionalList, optionalNumber } from '../json.ts';
import { type NodeList, readTree } from './node-list.ts';
import type { Places } from './node-tree.ts';

export const legacyCpuprofile: Format = {
  name: 'legacy-cpuprofile',
  title: 'V8 before Node 8: a head node with its children inside it',
  extensions: ['.cpuprofile'],
  reader: {
    detect(content) {
      const value = content.json()?.value;
      return isObject(value) && isObject(value['head']) && isCpuNode(value['head']);
    },
    read(content) {
      return [{ thread: null, profile: readHead(objectAt(content.json()?.value, 'the file')) }];
    },
  },
};

/** A heap profile has a `head` too, whose nodes have sizes. */
function isCpuNode(head: JsonObject): boolean {
  return !('selfSize' in head) && ('functionName' in head || 'callFrame' in head);
}

function readHead(profile: JsonObject) {
  const times = sampleTimes(profile);
  return readTree({
    ...flatten(objectAt(profile['head'], 'head')),
    samples: optionalList(profile['samples'], 'samples'),
    times,
    duration: times === null ? secondsBetween(profile) : null,
    notes: [],
    executingLines: false,
    format: 'V8 CPU profile (head generation)',
  });
}

/** The nested nodes as a list, each with its parent's id. No recursion: nesting is the file's to choose. */
function flatten(head: JsonObject): Pick<NodeList, 'nodes' | 'places'> {
  const nodes: JsonObject[] = [];
  const places: HeadPlace[] = [];
  const open: { node: JsonObject; parent: unknown; place: string }[] = [
    { node: head, parent: undefined, place: 'head' },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, parent, place } = next;
    const { children, ...own } = node;
    nodes.push({ ...own, callFrame: frameOf(node, place), parent });
    places.push({ node: place, frame: node['callFrame'] === undefined ? place : `${place}.callFrame` });
    const list = optionalList(children, `${place}.children`) ?? [];
    for (let i = list.length - 1; i >= 0; i--) {
      const below = `${place}.children[${i}]`;
      open.push({ node: objectAt(list[i], below), parent: node['id'], place: below });
    }
  }
  return { nodes, places: placesIn(places) };
}

interface HeadPlace {
  readonly node: string;
  /** Names and lines stand on the node, or in the frame of a converter. */
  readonly frame: string;
}

function placesIn(places: readonly HeadPlace[]): Places {
  return {
    all: 'head',
    node: (row) => places[row]?.node ?? '',
    frame: (row, field) => `${places[row]?.frame}${field === undefined ? '' : `.${field}`}`,
  };
}

/** The protocol's frame, 0-based; some converters put one into the nested form. */
function frameOf(node: JsonObject, place: string): unknown {
  if (node['callFrame'] !== undefined) return node['callFrame'];
  const { functionName, url, lineNumber, columnNumber } = node;
  const zeroBased = (value: unknown, field: string) =>
    typeof value === 'number' ? integerAt(value, `${place}.${field}`) - 1 : value;
  return {
    functionName,
    url,
    lineNumber: zeroBased(lineNumber, 'lineNumber'),
    columnNumber: zeroBased(columnNumber, 'columnNumber'),
  };
}

/** sample -> µs since the earliest one */
function sampleTimes(profile: JsonObject): Float64Array | null {
  const stamps = optionalList(profile['timestamps'], 'timestamps');
  if (stamps === null || stamps.length === 0) return null;
  const times = Float64Array.from(stamps, (stamp, i) => numberAt(stamp, `timestamps[${i}]`));
  const first = times.reduce((earliest, time) => Math.min(earliest, time), Number.POSITIVE_INFINITY);
  return times.map((time) => time - first);
}

/** µs from start to end, to the second: for files without timestamps it is all there is. */
function secondsBetween(profile: JsonObject): number | null {
  const start = optionalNumber(profile['startTime'], 'startTime');
  const end = optionalNumber(profile['endTime'], 'endTime');
  return start === null || end === null || end < start ? null : (end - start) * 1e6;
}
