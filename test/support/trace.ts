/** Traces of Chrome and Node with the events of a small profile. */

import type { Document, Frame, Node } from './documents.ts';

export type TraceEvent = Readonly<Record<string, unknown>>;

/** The process and thread of a profile, and its number of chunks. */
export interface Thread {
  readonly pid?: number;
  readonly tid?: number;
  readonly id?: string;
  readonly chunks?: number;
  /** The thread that writes the chunks. */
  readonly sampler?: number;
}

/** One event with data, as V8 writes it. */
export function event(name: string, ts: number, data: unknown, { pid = 41, tid = 42, id = '0x1' }: Thread = {}) {
  const cat = 'disabled-by-default-v8.cpu_profiler';
  return { pid, tid, ts, ph: 'P', cat, name, id, args: { data } } satisfies TraceEvent;
}

/** The name of a thread, or of a process. */
export function named(what: 'thread_name' | 'process_name', name: unknown, { pid = 41, tid = 42 }: Thread = {}) {
  return { pid, tid, ts: 0, ph: 'M', cat: '__metadata', name: what, args: { name } } satisfies TraceEvent;
}

/** A document as events in order of time: the opening, chunks, and a last chunk with only the end. */
export function traceOf(document: Document, thread: Thread = {}): TraceEvent[] {
  const { chunks = 2, sampler = 77 } = thread;
  const start = Number(document.startTime ?? 0);
  const samples = (document.samples ?? []) as readonly unknown[];
  const deltas = (document.timeDeltas ?? []) as readonly unknown[];
  const nodes = nodesOfTrace(document.nodes);
  const part = <T>(list: readonly T[], i: number) =>
    list.slice(Math.floor((i * list.length) / chunks), Math.floor(((i + 1) * list.length) / chunks));
  return [
    event('Profile', start + 3, { startTime: document.startTime }, thread),
    ...Array.from({ length: chunks }, (_, i) =>
      event(
        'ProfileChunk',
        start + 100 * (i + 1),
        { cpuProfile: { nodes: part(nodes, i), samples: part(samples, i) }, timeDeltas: part(deltas, i), lines: [] },
        { ...thread, tid: sampler },
      ),
    ),
    event('ProfileChunk', start + 100 * (chunks + 1), { endTime: document.endTime }, { ...thread, tid: sampler }),
  ];
}

/** Nodes have a parent id, scripts are numbers, and empty or unknown fields are absent. */
function nodesOfTrace(nodes: readonly Node[]): Node[] {
  const childrenOf = ({ children }: Node) => (children ?? []) as readonly unknown[];
  const parentOf = new Map(nodes.flatMap((node) => childrenOf(node).map((child) => [child, node.id])));
  return nodes.map(({ id, callFrame, parent = parentOf.get(id) }) => ({
    id,
    callFrame: frameOfTrace(callFrame),
    ...(parent === undefined ? {} : { parent }),
  }));
}

function frameOfTrace({ scriptId, ...frame }: Frame): Frame {
  const rest = Object.fromEntries(Object.entries(frame).filter(([, value]) => value !== '' && value !== -1));
  return { ...rest, scriptId: Number(scriptId ?? 0), codeType: frame.url === '' ? 'other' : 'JS' };
}
