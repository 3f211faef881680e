/**
 * Traces of Chrome, Edge and Node: events among which V8 strews its profiles in pieces.
 *
 * A `Profile` event opens a profile, `ProfileChunk` events bring nodes, samples and deltas. The chunks come from
 * the sampler's thread, so they are matched by process and id, never by thread, and never by id alone: two processes
 * may both count from 0x1. Events stand in any order. Older DevTools write one `CpuProfile` event instead.
 */

import { noProfileInTrace } from '../../base/errors.ts';
import type { Format, Recording } from '../format.ts';
import { integerIn, isObject, type JsonObject, numberIn, objectAt, optionalList, optionalNumber } from '../json.ts';
import { readProfile } from './cpuprofile.ts';
import { type Places, placesOf } from './node-tree.ts';
import { threadsNamedIn } from './thread-names.ts';
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
      return events?.some((event) => isObject(event) && PROFILE_EVENTS.has(String(event['name']))) ?? false;
    },
    read(content) {
      return readTrace(eventsIn(content.json()?.value) ?? []);
    },
  },
};

/** Events that hold profiles, or parts of them. */
export const PROFILE_EVENTS: ReadonlySet<string> = new Set(['Profile', 'ProfileChunk', 'CpuProfile']);

/** The array form, or the object form; Edge wraps the latter in a `payload`. Null for what is no trace. */
function eventsIn(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return null;
  const inner = isObject(value['payload']) ? value['payload'] : value;
  return Array.isArray(inner['traceEvents']) ? inner['traceEvents'] : null;
}

function readTrace(list: readonly unknown[]): Recording[] {
  return recordingsOf(list.flatMap((event, i) => (isTelling(event) ? [{ event, place: `event ${i}` }] : [])));
}

/** What events hold that tell of profiles and threads; there may be others. Throws PstatError: `unknown-format` for none. */
export function recordingsOf(events: readonly TraceEvent[]): Recording[] {
  const threadOf = threadsNamedIn(
    events.map(({ event }) => event),
    idOf,
  );
  const recordings = [...gathered(events), ...single(events)].map(({ profile, places, pid, tid, origin }) => ({
    origin,
    thread: threadOf(pid, tid),
    profile: { ...readProfile(profile, places), format: 'V8 trace' },
  }));
  if (recordings.length === 0) throw noProfileInTrace();
  return recordings;
}

/** Of the many events of a trace, those that hold profiles or name threads. */
function isTelling(event: unknown): event is JsonObject {
  if (!isObject(event)) return false;
  const name = event['name'];
  return name === 'process_name' || name === 'thread_name' || (typeof name === 'string' && PROFILE_EVENTS.has(name));
}

interface Found {
  readonly profile: JsonObject;
  readonly places: Places;
  readonly pid: number | null;
  readonly tid: number | null;
  readonly origin: string | null;
}

/** One event with the whole profile in it. */
function single(events: readonly TraceEvent[]): Found[] {
  return inOrder(named(events, 'CpuProfile')).map(({ event, place }) => {
    const at = `${place}.args.data.cpuProfile`;
    const profile = objectAt(dataOf(event, place)['cpuProfile'], at);
    return { profile, places: placesOf(`${at}.nodes`), ...identity(event), origin: null };
  });
}

/** Chunks put together, a profile for each process and id that brought nodes. */
function gathered(events: readonly TraceEvent[]): Found[] {
  const groups = new Map<string, Group>();
  const groupOf = ({ event }: TraceEvent) => {
    const name = key(identity(event).pid, event['id']);
    const group = groups.get(name) ?? new Group(identity(event).pid);
    groups.set(name, group);
    return group;
  };
  for (const opening of inOrder(named(events, 'Profile'))) groupOf(opening).open(opening);
  for (const chunk of inOrder(named(events, 'ProfileChunk'))) groupOf(chunk).add(chunk);
  return [...groups.values()].flatMap((group) => group.finish());
}

/** By time stamp; those that have the same stay in file order. */
function inOrder(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const timeOf = ({ event, place }: TraceEvent) => optionalNumber(event['ts'], `${place}.ts`) ?? 0;
  return events.toSorted((a, b) => timeOf(a) - timeOf(b));
}

/** One profile's pieces. */
class Group {
  readonly #pid: number | null;
  #tid: number | null = null;
  #origin: string | null = null;
  #startTime: number | null = null;
  #endTime: number | null = null;
  readonly #nodes: unknown[] = [];
  /** row -> its place, for each chunk counts its nodes from 0. */
  readonly #places: string[] = [];
  readonly #samples: number[] = [];
  readonly #timeDeltas: number[] = [];

  constructor(pid: number | null) {
    this.#pid = pid;
  }

  /** The thread is the opening event's. A profile that is opened twice keeps its first start. */
  open({ event, place }: TraceEvent): void {
    this.#tid ??= identity(event).tid;
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
    append(this.#samples, checked(inner['samples'], `${inside}.samples`, integerIn));
    append(this.#timeDeltas, checked(data['timeDeltas'], `${at}.timeDeltas`, numberIn));
    if (data['timeDeltas'] == null)
      append(this.#timeDeltas, checked(inner['timeDeltas'], `${inside}.timeDeltas`, numberIn));
    this.#endTime =
      optionalNumber(data['endTime'], `${at}.endTime`) ??
      optionalNumber(inner['endTime'], `${inside}.endTime`) ??
      this.#endTime;
  }

  finish(): Found[] {
    if (this.#nodes.length === 0) return [];
    const profile = {
      nodes: this.#nodes,
      samples: this.#samples,
      timeDeltas: this.#timeDeltas,
      startTime: this.#startTime,
      endTime: this.#endTime,
    };
    const places = placesOf('nodes', (row) => this.#places[row] ?? '');
    return [{ profile, places, pid: this.#pid, tid: this.#tid, origin: this.#origin }];
  }
}

/** A list of numbers, none where the file has no list. */
function checked(value: unknown, place: string, numberOf: typeof numberIn): number[] {
  const list = optionalList(value, place) ?? [];
  return list.map((_, i) => numberOf(list, i, place));
}

/** Not `push(...more)`: a chunk may be longer than a call takes arguments. */
function append<Item>(list: Item[], more: readonly Item[]): void {
  for (const item of more) list.push(item);
}

function named(events: readonly TraceEvent[], name: string): readonly TraceEvent[] {
  return events.filter(({ event }) => event['name'] === name);
}

function dataOf(event: JsonObject, place: string): JsonObject {
  const args = objectAt(event['args'], `${place}.args`);
  return args['data'] === undefined ? {} : objectAt(args['data'], `${place}.args.data`);
}

function identity(event: JsonObject): { pid: number | null; tid: number | null } {
  return { pid: idOf(event['pid']), tid: idOf(event['tid']) };
}

function idOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function key(...parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}
