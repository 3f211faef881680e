/**
 * The text of `perf script`: https://man7.org/linux/man-pages/man1/perf-script.1.html. A block a sample: a line with the
 * thread, the time and the event, then the frames, innermost first, then an empty line.
 *
 *     node 3405/3405 [002]  6434.123456:     250000 cpu-clock:ppp:
 *             7f0e5a3c LazyCompile:*parse /srv/app/app.js:12:5 (/tmp/perf-3405.map)
 *
 * `cpu-clock` and `task-clock` have a period in ns; of other events the samples are counted.
 */

import { asBuffer } from '../../base/bytes.ts';
import { getOrInsert } from '../../base/maps.ts';
import type { FunctionInfo } from '../../model/function-table.ts';
import type { ProfileNote } from '../../model/notes.ts';
import type { RawProfile } from '../../model/raw-profile.ts';
import { brokenField, tooMany } from '../errors.ts';
import type { Format, Recording, Thread } from '../format.ts';
import { partsOf } from '../lines.ts';
import { functionFrom, StackBuilder } from '../stacks/stack-builder.ts';
import { StackLimits } from '../stacks/stack-limits.ts';

const HEADER =
  /^\s*(?<comm>\S.{0,64}?)\s+(?<pid>\d{1,10})(?:\/(?<tid>\d{1,10}))?\s+(?:\[\d+\]\s+)?(?<time>\d{1,12}\.\d{1,9}):\s+(?:(?<period>\d{1,15})\s+)?(?<event>[\w:./-]+?):/;

/** The address, the symbol, and where it is from. */
const FRAME = /^\s+[0-9a-f]{1,16} /;

/** The beginning of a file that is looked at. */
const HEAD_BYTES = 16_384;

export const perfScript: Format = {
  name: 'perf',
  title: 'the text of perf script (Linux)',
  extensions: ['.perf'],
  reader: {
    detect: ({ bytes }) => beginsLikePerf(textOf(bytes.subarray(0, HEAD_BYTES))),
    read: ({ bytes }) => readPerf(textOf(bytes)),
  },
};

function textOf(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('utf8');
}

function beginsLikePerf(head: string): boolean {
  const [first = '', second = ''] = head.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return HEADER.test(first) && FRAME.test(second);
}

interface ThreadStacks {
  readonly thread: Thread;
  readonly builder: StackBuilder;
  readonly isTimed: boolean;
}

interface Header {
  readonly comm: string;
  readonly pid: number;
  readonly tid: number;
  /** µs */
  readonly time: number;
  /** ns; NaN if the line has none. */
  readonly period: number;
  readonly event: string;
}

function readPerf(text: string): readonly Recording[] {
  const threads = new Map<string, ThreadStacks>();
  const limits = new StackLimits();
  let event: string | null = null;
  let others = 0;
  for (const { header, frames } of blocks(text)) {
    event ??= header.event;
    if (header.event === event) addSample(threads, { header, frames, limits });
    else others++;
  }
  const notes: ProfileNote[] = others === 0 ? [] : [{ code: 'other-events', event: event ?? '', count: others }];
  const recordings = [...threads.values()].map(({ thread, builder, isTimed }) => ({
    thread: threads.size === 1 ? null : thread,
    profile: builder.finish({ format: `perf script (${event})`, unit: isTimed ? 'us' : 'count', notes }) as RawProfile,
  }));
  if (recordings.length === 0) throw brokenField('the text', 'has no samples');
  return recordings;
}

function* blocks(text: string): Generator<{ readonly header: Header; readonly frames: readonly string[] }> {
  let header: Header | null = null;
  let frames: string[] = [];
  let number = 0;
  for (const line of partsOf(text, '\n')) {
    number++;
    if (line.trim() === '') {
      if (header !== null) yield { header, frames };
      header = null;
    } else if (header !== null) {
      if (frames.length === MAX_DEPTH) throw tooMany('frames of one sample', MAX_DEPTH);
      frames.push(line);
    } else if (!line.startsWith('#')) {
      header = parseHeader(line, number);
      frames = [];
    }
  }
  if (header !== null) yield { header, frames };
}

function parseHeader(line: string, number: number): Header {
  const { comm, pid, tid, time, period, event } = HEADER.exec(line.slice(0, MAX_LINE))?.groups ?? {};
  if (comm === undefined || event === undefined)
    throw brokenField(`line ${number}`, 'is not the first line of a sample');
  return {
    comm,
    pid: Number(pid),
    tid: Number(tid ?? pid),
    time: Number(time) * 1e6,
    period: Number(period ?? Number.NaN),
    event,
  };
}

/** perf records at most 127 frames by default. */
const MAX_DEPTH = 2 ** 20;

/** Longer lines are no text of perf; a part of them is enough. */
const MAX_LINE = 8192;

interface Block {
  readonly header: Header;
  readonly frames: readonly string[];
  readonly limits: StackLimits;
}

function addSample(threads: Map<string, ThreadStacks>, { header, frames, limits }: Block): void {
  const key = `${header.pid}/${header.tid}`;
  const isTimed = /^(?:cpu|task)-clock/.test(header.event) && !Number.isNaN(header.period);
  const { comm: name, pid, tid } = header;
  const known = getOrInsert(threads, key, () => ({
    thread: { process: null, name, pid, tid },
    builder: new StackBuilder(limits),
    isTimed,
  }));
  const { builder } = known;
  let node = builder.root;
  for (const frame of frames.toReversed()) node = builder.child(node, builder.functions.intern(parseFrame(frame)));
  if (known.isTimed) {
    const amount = (Number.isNaN(header.period) ? 0 : header.period) / 1000;
    builder.addAfterGap({ node, amount, hits: 1, time: header.time - amount }, amount);
  } else builder.add({ node, amount: 1, hits: 1 });
}

/** V8's symbols of JavaScript, with its marks of the tier: `LazyCompile:*parse /srv/app/app.js:12:5`. */
const JAVASCRIPT = /^(?:LazyCompile|Function|JS|Script|Eval|Callback):[*~^+']?/;

/** The line and column at the end of a symbol. */
const POSITION = /:(\d{1,9})(?::(\d{1,9}))?$/;

const MAX_POSITION_LENGTH = ':123456789:123456789'.length;

/** How a file begins. It has no spaces. */
const FILE = /\/|[A-Za-z]:\\|file:|node:/;

/** The parts are found one after another: one expression for all would take time that grows with the square of the text. */
function javascriptFunction(symbol: string): FunctionInfo | null {
  const [mark] = JAVASCRIPT.exec(symbol) ?? [];
  const [position, line, column] = POSITION.exec(symbol.slice(-MAX_POSITION_LENGTH)) ?? [];
  if (mark === undefined || position === undefined) return null;
  const written = symbol.slice(mark.length, symbol.length - position.length);
  const word = written.lastIndexOf(' ') + 1;
  const start = word + written.slice(word).search(FILE);
  if (start < word) return null;
  const name = written.slice(0, start).replace(/ $/, '');
  return functionFrom({ name, file: written.slice(start), line: Number(line), column: Number(column ?? 0) });
}

function parseFrame(line: string): FunctionInfo {
  const [, symbol = '[unknown]', library = ''] = /^\s+[0-9a-f]+ (.*) \(([^()]*)\)$/.exec(line.slice(0, MAX_LINE)) ?? [];
  const written = symbol.replace(/\+0x[0-9a-f]+$/, '');
  const javascript = javascriptFunction(written);
  if (javascript !== null) return javascript;
  const shown = written === '[unknown]' && library !== '' ? `[${library.split('/').at(-1)}]` : written;
  return functionFrom({ name: shown, file: '', line: 0, column: 0 });
}
