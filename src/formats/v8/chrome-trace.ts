/**
 * Traces of Chrome, Edge and Node: events, some of which hold V8's profiles in chunks.
 *
 * A `Profile` event opens a profile; `ProfileChunk` events hold nodes, samples and deltas. The sampler's thread writes the
 * chunks, so they are matched by process and id, not by thread. The id alone is not enough: every process counts from 0x1.
 * Events are in any order. Older DevTools write one `CpuProfile` event instead. The format:
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU/preview
 */

import { getOrInsert } from '../../base/maps.ts';
import { noProfileInTrace, wrongType } from '../errors.ts';
import type { Format, Recording } from '../format.ts';
import {
  integerIn,
  isObject,
  type JsonObject,
  numberIn,
  objectAt,
  optionalId,
  optionalList,
  optionalNumber,
} from '../json.ts';
import { readProfile } from './cpuprofile.ts';
import { MAX_LINE } from './node-list.ts';
import { type Places, placesOf } from './node-tree.ts';
import { threadLookup } from './thread-names.ts';
import type { TraceEvent } from './trace-events.ts';

export const chromeTrace: Format = {
  name: 'chrome-trace',
  title: `traces of Chrome, Edge and Node, recorded with the category
disabled-by-default-v8.cpu_profiler: array or object. In Node
--trace-event-categories alone starts no profiler; this does:

  require('node:trace_events').createTracing({ categories:
    ['disabled-by-default-v8.cpu_profiler'] }).enable()

--thread chooses by name (CrRendererMain) or number (12 or
process/thread, 41/12); of several profiles of one thread, as
an inspector takes them, 12#1 is the first. Default: the
busiest thread, and its profile that covers the trace`,
  extensions: ['.json'],
  reader: {
    detect(content) {
      const events = eventsIn(content.json()?.value);
      return events?.some((event) => isObject(event) && (isProfileEvent(event) || hasWrongName(event))) ?? false;
    },
    read(content) {
      return readTrace(eventsIn(content.json()?.value) ?? []);
    },
  },
};

/** Names of events that hold profiles or parts of them. */
const PROFILE_EVENTS: ReadonlySet<string> = new Set(['Profile', 'ProfileChunk', 'CpuProfile']);

/** Whether an event holds a profile or a part of one. */
export function isProfileEvent({ name }: JsonObject): boolean {
  return typeof name === 'string' && PROFILE_EVENTS.has(name);
}

/** Whether it is an event, but its name is no text. */
function hasWrongName({ name, ph }: JsonObject): boolean {
  return typeof ph === 'string' && name !== undefined && typeof name !== 'string';
}

/** Returns the events of the array form or the object form, which Edge wraps in a `payload`; null if it is not a trace. */
function eventsIn(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return null;
  const inner = isObject(value['payload']) ? value['payload'] : value;
  return Array.isArray(inner['traceEvents']) ? inner['traceEvents'] : null;
}

function readTrace(list: readonly unknown[]): Recording[] {
  const events = list.flatMap((event, i) => (isObject(event) ? [{ event, place: `event ${i}` }] : []));
  if (!events.some(({ event }) => isProfileEvent(event))) {
    for (const { event, place } of events)
      if (hasWrongName(event)) throw wrongType(`${place}.name`, 'a text', event['name']);
  }
  return recordingsOf(events.filter(({ event }) => isRelevant(event)));
}

/** Returns the profiles in events; other events may be among them. Throws PstatError (`unknown-format`) if there is none. */
export function recordingsOf(events: readonly TraceEvent[]): Recording[] {
  const threadOf = threadLookup(
    events.map(({ event }) => event),
    idOf,
  );
  const recordings = [...chunkedProfiles(events), ...wholeProfiles(events)].map(
    ({ profile, places, sampleLines, pid, tid, origin }) => ({
      origin,
      thread: threadOf(pid, tid),
      profile: { ...readProfile(profile, places, sampleLines), format: 'V8 trace' },
    }),
  );
  if (recordings.length === 0) throw noProfileInTrace();
  return recordings;
}

/** Whether an event holds a part of a profile, or names a thread or process. */
function isRelevant(event: JsonObject): boolean {
  const name = event['name'];
  return name === 'process_name' || name === 'thread_name' || isProfileEvent(event);
}

interface Found {
  readonly profile: JsonObject;
  readonly places: Places;
  readonly sampleLines: Int32Array | null;
  readonly pid: number | null;
  readonly tid: number | null;
  readonly origin: string | null;
}

/** Profiles of events that hold a whole one. */
function wholeProfiles(events: readonly TraceEvent[]): Found[] {
  return sortByTime(eventsNamed(events, 'CpuProfile')).map(({ event, place }) => {
    const at = `${place}.args.data.cpuProfile`;
    const profile = objectAt(dataOf(event, place)['cpuProfile'], at);
    return { profile, places: placesOf(`${at}.nodes`), sampleLines: null, ...idsOf(event), origin: null };
  });
}

/** Profiles joined from chunks: one for each process and id that has nodes. */
function chunkedProfiles(events: readonly TraceEvent[]): Found[] {
  const groups = new Map<string, ChunkedProfile>();
  const groupOf = ({ event, place }: TraceEvent) => {
    const name = JSON.stringify([idsOf(event).pid, optionalId(event['id'], `${place}.id`)]);
    return getOrInsert(groups, name, () => new ChunkedProfile(idsOf(event).pid));
  };
  for (const opening of sortByTime(eventsNamed(events, 'Profile'))) groupOf(opening).open(opening);
  for (const chunk of sortByTime(eventsNamed(events, 'ProfileChunk'))) groupOf(chunk).add(chunk);
  return [...groups.values()].flatMap((group) => group.finish());
}

/** Sorts by time stamp; equal ones stay in file order. */
function sortByTime(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const timeOf = ({ event, place }: TraceEvent) => optionalNumber(event['ts'], `${place}.ts`) ?? 0;
  return events.toSorted((a, b) => timeOf(a) - timeOf(b));
}

/** Joins the chunks of one profile. */
class ChunkedProfile {
  readonly #pid: number | null;
  #tid: number | null = null;
  #origin: string | null = null;
  #startTime: number | null = null;
  #endTime: number | null = null;
  /** Start and end on the clock of a chunk, which may be another than that of the opening event. */
  #ownTimes: { readonly startTime: number; readonly endTime: number } | null = null;
  readonly #nodes: unknown[] = [];
  /** row -> place of the node: each chunk counts its nodes from 0. */
  readonly #places: string[] = [];
  readonly #samples: number[] = [];
  readonly #timeDeltas: number[] = [];
  /** sample -> line */
  readonly #lines: number[] = [];

  constructor(pid: number | null) {
    this.#pid = pid;
  }

  /** The opening event is of the profiled thread. A profile that is opened twice keeps its first start. */
  open({ event, place }: TraceEvent): void {
    this.#tid ??= idsOf(event).tid;
    const { startTime, source } = dataOf(event, place);
    this.#startTime ??=
      optionalNumber(startTime, `${place}.args.data.startTime`) ?? optionalNumber(event['ts'], `${place}.ts`);
    this.#origin ??= typeof source === 'string' ? source : null;
  }

  add({ event, place }: TraceEvent): void {
    const data = dataOf(event, place);
    const inner = isObject(data['cpuProfile']) ? data['cpuProfile'] : {};
    const at = `${place}.args.data`;
    const inside = `${at}.cpuProfile`;
    const nodes = optionalList(inner['nodes'], `${inside}.nodes`) ?? [];
    append(this.#nodes, nodes);
    append(
      this.#places,
      nodes.map((_, i) => `${inside}.nodes[${i}]`),
    );
    append(this.#samples, numberList(inner['samples'], `${inside}.samples`, integerIn));
    append(this.#lines, sampleLines(data['lines'], `${at}.lines`, this.#samples.length - this.#lines.length));
    append(this.#timeDeltas, numberList(data['timeDeltas'], `${at}.timeDeltas`, numberIn));
    if (data['timeDeltas'] == null)
      append(this.#timeDeltas, numberList(inner['timeDeltas'], `${inside}.timeDeltas`, numberIn));
    this.#endTime =
      optionalNumber(data['endTime'], `${at}.endTime`) ??
      optionalNumber(inner['endTime'], `${inside}.endTime`) ??
      this.#endTime;
    this.#addOwnTimes(inner, inside);
  }

  /**
   * Rspack puts a whole profile of the inspector into one chunk, and opens it at 0 on the clock of its own events:
   * https://github.com/web-infra-dev/rspack/blob/main/packages/rspack/src/trace/index.ts
   */
  #addOwnTimes(inner: JsonObject, inside: string): void {
    const startTime = optionalNumber(inner['startTime'], `${inside}.startTime`);
    const endTime = optionalNumber(inner['endTime'], `${inside}.endTime`);
    if (startTime !== null && endTime !== null) this.#ownTimes ??= { startTime, endTime };
  }

  finish(): Found[] {
    if (this.#nodes.length === 0) return [];
    const profile = {
      nodes: this.#nodes,
      samples: this.#samples,
      timeDeltas: this.#timeDeltas,
      ...(this.#ownTimes ?? { startTime: this.#startTime, endTime: this.#endTime }),
    };
    const places = placesOf('nodes', (row) => this.#places[row] ?? '');
    const lines = this.#lines.some((line) => line > 0) ? Int32Array.from(this.#lines) : null;
    return [{ profile, places, sampleLines: lines, pid: this.#pid, tid: this.#tid, origin: this.#origin }];
  }
}

/** The lines of a chunk's samples: 0 for those without one. */
function sampleLines(value: unknown, place: string, samples: number): number[] {
  const lines = numberList(value, place, integerIn);
  return Array.from({ length: samples }, (_, i) => {
    const line = lines[i] ?? 0;
    return line > 0 && line <= MAX_LINE ? line : 0;
  });
}

/** Returns a list of numbers; an empty one if the file has none. */
function numberList(value: unknown, place: string, numberOf: typeof numberIn): number[] {
  const list = optionalList(value, place) ?? [];
  return list.map((_, i) => numberOf(list, i, place));
}

/** Not `push(...more)`: a chunk may be longer than the maximum number of arguments. */
function append<Item>(list: Item[], more: readonly Item[]): void {
  for (const item of more) list.push(item);
}

function eventsNamed(events: readonly TraceEvent[], name: string): readonly TraceEvent[] {
  return events.filter(({ event }) => event['name'] === name);
}

function dataOf(event: JsonObject, place: string): JsonObject {
  const args = objectAt(event['args'], `${place}.args`);
  return args['data'] === undefined ? {} : objectAt(args['data'], `${place}.args.data`);
}

function idsOf(event: JsonObject): { pid: number | null; tid: number | null } {
  return { pid: idOf(event['pid']), tid: idOf(event['tid']) };
}

function idOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
