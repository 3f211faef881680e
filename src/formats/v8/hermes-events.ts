/**
 * A Hermes profile as React Native's command line converts it: begin and end events of functions, in a list. Written by
 * https://github.com/react-native-community/hermes-profile-transformer
 */

import { getOrInsert } from '../../base/maps.ts';
import { brokenField } from '../errors.ts';
import type { Format, Recording } from '../format.ts';
import { isObject, type JsonObject, listAt, objectAt, optionalString } from '../json.ts';
import { type BuiltNode, functionFrom, StackBuilder } from '../stacks/stack-builder.ts';
import { StackLimits } from '../stacks/stack-limits.ts';
import { numeric } from './hermes.ts';

export const hermesEvents: Format = {
  name: 'hermes-events',
  title: 'Hermes, converted by react-native profile-hermes',
  extensions: ['.json'],
  reader: {
    detect(content) {
      const value = content.json()?.value;
      return Array.isArray(value) && value.some(isHermesEvent);
    },
    read: (content) => readEvents(listAt(content.json()?.value, 'the file')),
  },
};

/** The converter writes the category of the stack frame into each event and its arguments. */
function isHermesEvent(event: unknown): event is JsonObject {
  if (!isObject(event) || (event['ph'] !== 'B' && event['ph'] !== 'E')) return false;
  const { cat, args } = event;
  return typeof cat === 'string' && isObject(args) && args['category'] === cat && 'url' in args;
}

interface OpenThread {
  readonly builder: StackBuilder;
  readonly open: { readonly node: BuiltNode; readonly name: string }[];
  readonly start: number;
  before: number;
}

function readEvents(events: readonly unknown[]): readonly Recording[] {
  const threads = new Map<string, OpenThread>();
  const limits = new StackLimits();
  events.forEach((event, i) => {
    if (isHermesEvent(event)) addEvent({ threads, limits }, event, `event ${i}`);
  });
  return [...threads].map(([key, { builder }]) => {
    const [pid = '', tid = ''] = key.split('/');
    const thread = { process: null, name: null, pid: Number(pid), tid: Number(tid) };
    return { thread: threads.size === 1 ? null : thread, profile: builder.finish({ format: 'Hermes profile' }) };
  });
}

/** The time since the event before belongs to the functions that are open. */
function addEvent(
  { threads, limits }: { threads: Map<string, OpenThread>; limits: StackLimits },
  event: JsonObject,
  place: string,
): void {
  const number = (field: string) => numeric(event[field], `${place}.${field}`);
  const time = number('ts');
  const key = `${number('pid')}/${number('tid')}`;
  const thread = getOrInsert(threads, key, () => ({
    builder: new StackBuilder(limits),
    open: [],
    start: time,
    before: time,
  }));
  const { builder, open, start, before } = thread;
  if (time < before) throw brokenField(`${place}.ts`, 'is earlier than the event before');
  const node = open.at(-1)?.node ?? builder.root;
  if (time > before) {
    builder.add({
      node: open.length === 0 ? builder.idle() : node,
      time: before - start,
      amount: time - before,
      hits: Number.NaN,
    });
  }
  thread.before = time;
  const name = optionalString(event['name'], '', `${place}.name`);
  if (event['ph'] === 'B')
    open.push({ node: builder.child(node, builder.functions.intern(functionOf(event, place))), name });
  else if (open.pop()?.name !== name) throw brokenField(place, 'ends a function that is not the innermost');
}

function functionOf(event: JsonObject, place: string) {
  const args = objectAt(event['args'], `${place}.args`);
  const position = (field: string) => {
    const value = args[field];
    return value === undefined || value === null
      ? 0
      : Math.max(0, Math.trunc(numeric(value, `${place}.args.${field}`)));
  };
  const name = optionalString(args['name'] ?? event['name'], '', `${place}.args.name`);
  return functionFrom({
    name: name === 'anonymous' ? '' : name,
    file: optionalString(args['url'], '', `${place}.args.url`),
    line: position('line'),
    column: position('column'),
  });
}
