/**
 * V8's profiles before Node 8: a `head` node with its children inside it, and `timestamps` of samples in µs. Nodes have
 * names and places themselves, 1-based. startTime and endTime are seconds, mostly rounded, so the recording is assumed to
 * begin with the first sample.
 */

import type { Format } from '../format.ts';
import { integerAt, isObject, type JsonObject, numberAt, objectAt, optionalList, optionalNumber } from '../json.ts';
import { type NodeList, readTree } from './node-list.ts';
import type { Places } from './node-tree.ts';
import { INSPECTOR } from './producer.ts';

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

/** A heap profile has a `head` too; its nodes have sizes. */
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
    producer: INSPECTOR,
    format: 'V8 CPU profile (head generation)',
  });
}

/** Flattens the nested nodes into a list, each with its parent's id. Not recursive: a file may nest deeply. */
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
  /** The node, or the callFrame that some converters add. */
  readonly frame: string;
}

function placesIn(places: readonly HeadPlace[]): Places {
  return {
    all: 'head',
    node: (row) => places[row]?.node ?? '',
    frame: (row, field) => `${places[row]?.frame}${field === undefined ? '' : `.${field}`}`,
  };
}

/** Returns the node's call frame, 0-based. Some converters write one into nested nodes. */
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

/** sample -> µs since the earliest sample */
function sampleTimes(profile: JsonObject): Float64Array | null {
  const stamps = optionalList(profile['timestamps'], 'timestamps');
  if (stamps === null || stamps.length === 0) return null;
  const times = Float64Array.from(stamps, (stamp, i) => numberAt(stamp, `timestamps[${i}]`));
  const first = times.reduce((earliest, time) => Math.min(earliest, time), Number.POSITIVE_INFINITY);
  return times.map((time) => time - first);
}

/** µs from start to end, precise to the second: for files without timestamps. */
function secondsBetween(profile: JsonObject): number | null {
  const start = optionalNumber(profile['startTime'], 'startTime');
  const end = optionalNumber(profile['endTime'], 'endTime');
  return start === null || end === null || end < start ? null : (end - start) * 1e6;
}
