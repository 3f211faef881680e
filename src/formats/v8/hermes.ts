/**
 * Hermes (React Native). Its files are called .cpuprofile but are traces: samples are objects that refer to a tree of stack
 * frames. They have no end of recording, and numbers are often text. Written by
 * https://github.com/facebook/hermes/blob/main/lib/VM/Profiler/ChromeTraceSerializer.cpp
 */

import { groupBy } from '../../base/maps.ts';
import { META_NAMES } from '../../model/function-table.ts';
import type { RawStacksProfile } from '../../model/raw-profile.ts';
import { tooManyThreads, wrongType } from '../errors.ts';
import type { Format } from '../format.ts';
import { integerAt, isObject, type JsonObject, listAt, numberAt, objectAt, optionalString } from '../json.ts';
import { type NodeList, readTree } from './node-list.ts';
import type { Places } from './node-tree.ts';
import { INSPECTOR } from './producer.ts';
import { threadLookup } from './thread-names.ts';

export const hermes: Format = {
  name: 'hermes',
  title: 'Hermes (React Native), a trace of its own kind',
  extensions: ['.cpuprofile'],
  reader: {
    detect(content) {
      const value = content.json()?.value;
      return isObject(value) && Array.isArray(value['samples']) && hasFrames(value['stackFrames']);
    },
    read(content) {
      const file = objectAt(content.json()?.value, 'the file');
      const frames = objectAt(file['stackFrames'], 'stackFrames');
      const tree = {
        nodes: frameNodes(frames),
        places: framePlaces(frames),
        producer: { ...INSPECTOR, writesExecutingLines: Object.values(frames).some(hasExecutingPlaceOnly) },
      };
      const events = Array.isArray(file['traceEvents']) ? file['traceEvents'].filter(isObject) : [];
      const threadOf = threadLookup(events, idOf);
      const threads = groupByThread(listAt(file['samples'], 'samples').map(readSample));
      if (threads.length * tree.nodes.length > MAX_THREAD_NODES)
        throw tooManyThreads(threads.length, tree.nodes.length);
      return threads.map(([first, samples]) => ({
        thread: first && threadOf(first.pid, first.tid),
        profile: readSamples(tree, samples),
      }));
    },
  },
};

/** Every thread gets the tree of all frames. Apps have a few threads. */
const MAX_THREAD_NODES = 2 ** 24;

/** Chrome's traces have `stackFrames` too, but empty. */
function hasFrames(frames: unknown): boolean {
  return isObject(frames) && Object.keys(frames).length > 0;
}

interface Sample {
  readonly frame: number;
  readonly time: number;
  readonly tid: number;
  readonly pid: number;
}

function readSample(value: unknown, i: number): Sample {
  const sample = objectAt(value, `samples[${i}]`);
  const number = (field: string) => numeric(sample[field], `samples[${i}].${field}`);
  return {
    frame: integerAt(number('sf'), `samples[${i}].sf`),
    time: number('ts'),
    tid: number('tid'),
    pid: number('pid'),
  };
}

/** Groups samples by thread. A file without samples has one thread without any. */
function groupByThread(samples: readonly Sample[]): [Pick<Sample, 'pid' | 'tid'> | null, readonly Sample[]][] {
  const threads = groupBy(samples, ({ pid, tid }) => `${pid}/${tid}`);
  if (threads.size === 0) return [[null, []]];
  return [...threads.values()].map((list) => [list[0], list]);
}

type Tree = Pick<NodeList, 'nodes' | 'places' | 'producer'>;

function readSamples(tree: Tree, samples: readonly Sample[]): RawStacksProfile {
  const start = samples.reduce((earliest, { time }) => Math.min(earliest, time), Number.POSITIVE_INFINITY);
  return readTree({
    ...tree,
    samples: samples.map(({ frame }) => frame),
    times: samples.length === 0 ? null : Float64Array.from(samples, ({ time }) => time - start),
    duration: samples.length === 0 ? 0 : null,
    notes: [],
    format: 'Hermes profile',
  });
}

/** Stack frames as nodes of a .cpuprofile. */
function frameNodes(frames: JsonObject): JsonObject[] {
  return Object.entries(frames).map(([id, value]) => {
    const place = `stackFrames[${id}]`;
    const frame = objectAt(value, place);
    const parent = frame['parent'] === undefined ? undefined : numeric(frame['parent'], `${place}.parent`);
    return { id: numeric(id, place), parent, callFrame: callFrame(frame, place) };
  });
}

/** A frame is identified by its id; its name holds the place of its code. */
function framePlaces(frames: JsonObject): Places {
  const ids = Object.keys(frames);
  const node = (row: number) => `stackFrames[${ids[row]}]`;
  const frame: Places['frame'] = (row, field) =>
    field === undefined ? node(row) : `the ${field} in ${node(row)}.name`;
  return { all: 'stackFrames', node, frame };
}

/**
 * Returns the function of a frame as a call frame. The name holds the place that was executing, and `funcLine` and
 * `funcColumn` where the function begins. A build without debug information has the function's address in the bytecode.
 */
function callFrame(frame: JsonObject, place: string): JsonObject {
  const { name, url, line, column } = parseName(optionalString(frame['name'], '', `${place}.name`));
  if (url === null)
    return frame['category'] === JAVASCRIPT ? bytecodeFrame(name, frame, place) : frameWithoutPlace(name);
  const field = (name: string) => (frame[name] === undefined ? undefined : numeric(frame[name], `${place}.${name}`));
  return {
    functionName: name === 'anonymous' ? '' : name,
    url: url.replace(/^address at /, ''),
    lineNumber: (field('funcLine') ?? line) - 1,
    columnNumber: (field('funcColumn') ?? column) - 1,
  };
}

const JAVASCRIPT = 'JavaScript';

function frameWithoutPlace(name: string): JsonObject {
  return { functionName: name === '[root]' ? META_NAMES.root : name };
}

/** As Hermes writes a place in bytecode itself: line 1, and the address as the column. */
function bytecodeFrame(functionName: string, frame: JsonObject, place: string): JsonObject {
  const address = frame['funcVirtAddr'];
  const column = address === undefined ? 0 : numeric(address, `${place}.funcVirtAddr`);
  return { functionName, url: 'bytecode', lineNumber: 0, columnNumber: column - 1 };
}

interface WrittenName {
  readonly name: string;
  /** Null for a name without a place. */
  readonly url: string | null;
  readonly line: number;
  readonly column: number;
}

/** Parses `name(url:line:column)`, 1-based; in a release build the url is `address at …`. In time that grows with the length. */
function parseName(written: string): WrittenName {
  const open = written.indexOf('(');
  const [place = '', line, column] = /:(\d+):(\d+)\)$/.exec(written) ?? [];
  const end = written.length - place.length;
  if (place === '' || open === -1 || open >= end) return { name: written, url: null, line: 0, column: 0 };
  return {
    name: written.slice(0, open),
    url: written.slice(open + 1, end),
    line: Number(line),
    column: Number(column),
  };
}

/** Whether a frame has the place that was executing, and not the place of its function. */
function hasExecutingPlaceOnly(frame: unknown): boolean {
  return isObject(frame) && frame['line'] !== undefined && frame['funcLine'] === undefined;
}

/** The id in a metadata event; null if it is not a number. */
function idOf(value: unknown): number | null {
  const id = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof id === 'number' && !Number.isNaN(id) ? id : null;
}

/** Returns a number, also from its text. */
export function numeric(value: unknown, place: string): number {
  if (typeof value !== 'string') return numberAt(value, place);
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isNaN(number)) throw wrongType(place, 'a number', value);
  return numberAt(number, place);
}
